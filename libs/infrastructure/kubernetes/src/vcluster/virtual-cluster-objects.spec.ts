import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { namespacePlaceholder } from './chart-bundle.js';
import { virtualClusterObjects } from './virtual-cluster-objects.js';

const chartLabels = { app: 'vcluster', release: 'vcluster', chart: 'vcluster-0.36.1', heritage: 'Helm' };
const encode = (text: string): string => Buffer.from(text).toString('base64');

function object(apiVersion: string, kind: string, fields: object = {}): KubeObject {
  const metadata = { name: 'vcluster', namespace: namespacePlaceholder, labels: chartLabels };
  return { apiVersion, kind, metadata, ...fields };
}

const configuration = 'controlPlane:\n  proxy:\n    port: 8443\n    extraSANs: []\nexportKubeConfig:\n  server: ""\n';
const deployment = object('apps/v1', 'Deployment', {
  spec: {
    replicas: 1,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    selector: { matchLabels: { app: 'vcluster', release: 'vcluster' } },
    template: {
      metadata: { labels: { app: 'vcluster', release: 'vcluster' }, annotations: { vClusterConfigHash: 'of helm' } },
      spec: { serviceAccountName: 'vc-vcluster' },
    },
  },
});
const chart = [
  deployment,
  object('v1', 'Secret', { data: { 'config.yaml': encode(configuration) } }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
    subjects: [{ kind: 'ServiceAccount', name: 'vc-vcluster', namespace: namespacePlaceholder }],
  }),
  object('v1', 'ServiceAccount'),
];
const session = {
  namespace: 'nalabo-session-abc',
  labels: { 'nalabo.io/session': 'abc' },
  serverNames: ['abc.example.org'],
};

const made = (kind: string, own: Partial<typeof session> = {}) =>
  virtualClusterObjects(chart, { ...session, ...own }).find((each) => each.kind === kind);

describe('the objects of a virtual cluster', () => {
  it('come in an order in which each finds what it needs', () => {
    const kinds = virtualClusterObjects(chart, session).map(({ kind }) => kind);
    expect(kinds).toEqual(['ServiceAccount', 'RoleBinding', 'Secret', 'Deployment']);
  });

  it('carry our labels and those that the control plane looks for, and no trace of helm', () => {
    for (const { metadata } of virtualClusterObjects(chart, session)) {
      expect(metadata.namespace).toBe('nalabo-session-abc');
      expect(metadata.labels).toEqual({ app: 'vcluster', release: 'vcluster', 'nalabo.io/session': 'abc' });
    }
  });

  it('bind the role to the account of the session', () => {
    expect(made('RoleBinding')).toMatchObject({ subjects: [{ name: 'vc-vcluster', namespace: 'nalabo-session-abc' }] });
  });

  it('hold the whole configuration, with the names of the session in it', () => {
    const { 'config.yaml': encoded = '' } = made('Secret')?.['data'] as Record<string, string>;
    expect(parse(Buffer.from(encoded, 'base64').toString('utf8'))).toEqual({
      controlPlane: {
        proxy: {
          port: 8443,
          extraSANs: [
            'vcluster.nalabo-session-abc.svc',
            'vcluster.nalabo-session-abc.svc.cluster.local',
            'abc.example.org',
          ],
        },
      },
      exportKubeConfig: { context: 'vcluster', server: 'https://vcluster.nalabo-session-abc.svc:443' },
    });
  });

  it('never run two control planes at once, and replace one whose configuration has changed', () => {
    const one = made('Deployment');
    expect(one).toMatchObject({
      spec: {
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { app: 'vcluster', release: 'vcluster' } },
        template: { metadata: { labels: { release: 'vcluster', 'nalabo.io/part': 'control-plane' } } },
      },
    });
    expect(made('Deployment')).toEqual(one);
    const other = made('Deployment', { serverNames: [] });
    expect(other).not.toEqual(one);
  });

  it('are refused when the chart names the namespace where nobody looks', () => {
    const service = object('v1', 'Service', { spec: { externalName: `vcluster.${namespacePlaceholder}.svc` } });
    expect(() => virtualClusterObjects([...chart, service], session)).toThrow(/names the namespace inside Service/);
  });

  it('are refused without a configuration', () => {
    expect(() => virtualClusterObjects([deployment], session)).toThrow(/no configuration/);
  });
});
