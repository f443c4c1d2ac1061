import type { AppliedObject } from '@nalabo/contracts';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { namespaceOf } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformSession } from '../testing/platform-session.js';
import { configMap, join, limits, service, web } from './hosted-files.cases.js';

const patience = { timeoutMs: 120_000, intervalMs: 200 };
const actions = (objects: readonly AppliedObject[]) =>
  objects.map(({ kind, name, action }) => `${action} ${kind} ${name}`);

interface Deployment extends KubeObject {
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly replicas?: number };
}

describeOnCluster('applying in a session without a cluster of its own', process.env, (cluster) => {
  const platform = new PlatformSession(cluster);
  const { admin } = platform;
  let spec: SessionSpec;
  const at = (name: string) => ({ namespace: namespaceOf(spec.sessionId), name });
  const get = (resource: Parameters<typeof admin.find>[0], name: string) => admin.find(resource, at(name));
  const apply = async (...objects: readonly string[]) => actions(await platform.apply(spec, join(...objects)));

  beforeAll(async () => {
    await platform.open();
    spec = await platform.provisioner.ready({ isolation: 'namespace', limits });
  });
  afterAll(() => platform.close());

  const runs = () =>
    eventually(async () => {
      const { status } = await admin.get<Deployment>(resources.deployment, at('web'));
      expect(status).toMatchObject({ readyReplicas: 1, updatedReplicas: 1, replicas: 1 });
    }, patience);

  const output = (script: string): Promise<string> => platform.provisioner.output(spec, script);
  const served = (host: string): Promise<string> => output(`curl -sS --max-time 5 http://${host}/`);

  it('says how manifests for it are judged', async () => {
    const scope = await platform.facet.manifestScope(spec, AbortSignal.timeout(10_000));
    expect(scope).toEqual({ isolation: 'namespace', namespace: namespaceOf(spec.sessionId), hostSuffix: null });
  });

  it('plans, and makes nothing', async () => {
    const { changes } = await platform.plan(spec, join(web('one'), service(80)));
    expect(actions(changes)).toEqual(['created Service web', 'created Deployment web']);
    expect(changes).toMatchObject([{ namespace: namespaceOf(spec.sessionId) }, { apiVersion: 'apps/v1' }]);
    expect(await get(resources.deployment, 'web')).toBeUndefined();
  });

  it('makes what is in the file, which runs beside the workbench', async () => {
    expect(await apply(web('one'), service(80))).toEqual(['created Service web', 'created Deployment web']);
    await runs();
    expect(await platform.provisioner.observe(spec)).toMatchObject({ readiness: 'ready' });
  });

  it('is reached from the workbench by the name of the Service, by learner and checker', async () => {
    const namespace = namespaceOf(spec.sessionId);
    for (const host of ['web', `web.${namespace}`, `web.${namespace}.svc.cluster.local`]) {
      // The nodes hear of the pods of a Service a moment after these are ready.
      await eventually(async () => expect(await served(host)).toBe('one\n'), patience);
    }
    const { exec } = platform.provisioner.target;
    const asChecker = { ...exec, open: (ref: SessionSpec) => exec.open(ref, 'checker') };
    expect(await platform.provisioner.output(spec, 'curl -sS --max-time 5 http://web/', asChecker)).toBe('one\n');
    expect(await output('echo 1.2.3.4 web >> /etc/hosts || echo refused')).toBe('refused\n');
    await admin.delete(resources.pod, at('workbench'), { gracePeriodSeconds: 0 });
    await platform.provisioner.becomesReady(spec);
    await eventually(async () => expect(await served('web')).toBe('one\n'), patience);
  });

  it('finds nothing to do a second time', async () => {
    expect(await apply(web('one'), service(80))).toEqual(['unchanged Service web', 'unchanged Deployment web']);
  });

  it('shows what would change, and changes it', async () => {
    const { changes } = await platform.plan(spec, join(web('two'), service(8000)));
    expect(changes.map(({ action }) => action)).toEqual(['changed', 'changed']);
    expect(changes[0]?.diff).toContain('+    - port: 8000');
    expect(await apply(web('two'), service(8000))).toEqual(['changed Service web', 'changed Deployment web']);
    await runs();
    expect(await apply(web('two'), service(80))).toEqual(['changed Service web', 'unchanged Deployment web']);
  });

  it('brings back what was there before with the file from before', async () => {
    expect(await apply(web('one'), service(80))).toEqual(['unchanged Service web', 'changed Deployment web']);
    await runs();
  });

  it('removes what is no longer in the file, and nothing that no file has made', async () => {
    await admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: at('kept') });
    expect(await apply(configMap('own'))).toEqual([
      'created ConfigMap own',
      'removed Deployment web',
      'removed Service web',
    ]);
    expect(await apply(configMap('next'))).toEqual(['created ConfigMap next', 'removed ConfigMap own']);
    expect(await get(resources.configMap, 'kept')).toBeDefined();
    expect(await get(resources.networkPolicy, 'deny-all')).toBeDefined();
    expect(await get(resources.serviceAccount, 'workbench')).toBeDefined();
    expect(await platform.provisioner.observe(spec)).toMatchObject({ readiness: 'ready' });
  });

  it('says what became of each object when one fails half-way, and removes nothing then', async () => {
    const plan = await platform.plan(spec, join(configMap('first'), configMap('second')));
    await admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: at('second') });
    const results = await platform.facet.apply(plan, AbortSignal.timeout(60_000));
    expect(results).toMatchObject([
      { name: 'first', action: 'created' },
      { name: 'second', action: 'failed', message: expect.stringContaining('no file has made') },
      { name: 'next', action: 'failed', message: expect.stringMatching(/^kept/) },
    ]);
    expect(await get(resources.configMap, 'second')).not.toHaveProperty('data');
    await admin.delete(resources.configMap, at('second'));
  });

  it('refuses everything that the API refuses, each with its place, and makes nothing', async () => {
    const file = join(service(800_000), web('x').replace('name: web }', 'name: Web }'), configMap('fine'));
    await expect(platform.plan(spec, file)).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        violations: expect.arrayContaining([expect.objectContaining({ path: 'spec.ports[0].port', document: 1 })]),
      },
    });
    expect(await get(resources.configMap, 'fine')).toBeUndefined();
  });

  it('attempts nothing when the time is over', async () => {
    const plan = await platform.plan(spec, configMap('late'));
    const results = await platform.facet.apply(plan, AbortSignal.abort()).catch((error: unknown) => error);
    expect(results).toMatchObject({ kind: 'cancelled' });
    expect(await get(resources.configMap, 'late')).toBeUndefined();
  });

  it('leaves nothing when the session ends in the middle', async () => {
    const other = await platform.provisioner.ready({ isolation: 'namespace', limits });
    const plan = await platform.plan(
      other,
      join(...Array.from({ length: 20 }, (_, index) => configMap(`c-${index}`)), web('x')),
    );
    const [results] = await Promise.all([
      platform.facet.apply(plan, AbortSignal.timeout(60_000)).catch((error: unknown) => error),
      platform.provisioner.destroy(other),
    ]);
    expect(results).toBeDefined();
    expect(await admin.find(resources.namespace, { name: namespaceOf(other.sessionId) })).toBeUndefined();
    await expect(platform.plan(other, configMap('after'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
