import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { rightsFinding, rightsOf, type ClusterService, type Right } from './rights.js';

const folder = `${import.meta.dirname}/../../../../../deploy/kubernetes`;

interface Granted {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

async function rulesOf(service: ClusterService, role: string) {
  const text = await readFile(`${folder}/${service}.yaml`, 'utf8');
  const objects = parseAllDocuments(text).map((document) => document.toJS() as Granted);
  const found = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === role);
  return found?.rules ?? [];
}

async function notGranted(service: ClusterService, role: string, rights: readonly Right[]): Promise<readonly Right[]> {
  const rules = await rulesOf(service, role);
  return rights.filter(
    ({ verb, group, resource, subresource, name }) =>
      !rules.some(
        (rule) =>
          rule.verbs.includes(verb) &&
          rule.apiGroups.includes(group) &&
          rule.resources.includes(subresource === undefined ? resource : `${resource}/${subresource}`) &&
          (rule.resourceNames === undefined || rule.resourceNames.includes(name ?? '')),
      ),
  );
}

describe('the roles in deploy/kubernetes grant what is needed', () => {
  it.each<[ClusterService, string, Right['scope']]>([
    ['provisioner', 'nalabo-provisioner', 'cluster'],
    ['provisioner', 'nalabo-session-provisioner', 'session'],
    ['executor', 'nalabo-session-executor', 'session'],
    ['monitor', 'nalabo-monitor', 'session'],
  ])('by the %s, in %s', async (service, role, scope) => {
    const rights = rightsOf(service).filter((right) => right.scope === scope);
    expect(rights.length).toBeGreaterThan(0);
    expect(await notGranted(service, role, rights)).toEqual([]);
  });
});

describe('the finding about rights', () => {
  it('is well when nothing is missing', () => {
    expect(rightsFinding('monitor', [])).toEqual({
      name: 'rights of the monitor',
      status: 'ok',
      detail: 'nothing is missing',
    });
  });

  it('names each missing right once, as kubectl would', () => {
    const exec = { scope: 'session', verb: 'create', group: '', resource: 'pods', subresource: 'exec' } as const;
    const deployments = { scope: 'session', verb: 'list', group: 'apps', resource: 'deployments' } as const;
    expect(rightsFinding('executor', [exec, exec, deployments])).toEqual({
      name: 'rights of the executor',
      status: 'failed',
      detail: 'not allowed: create pods/exec, list deployments.apps',
    });
  });
});
