import { eventually } from '@nalabo/testing';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { TestInstallation } from '../testing/test-installation.js';
import { namespaceOf } from './session-names.js';

const patience = { timeoutMs: 240_000, intervalMs: 500 };
const mebibyte = 2 ** 20;
vi.setConfig({ testTimeout: 600_000 });

interface Deployment extends KubeObject {
  readonly status?: { readonly readyReplicas?: number; readonly conditions?: unknown };
}

describeOnCluster('what a learner runs without saying what it needs', process.env, (cluster) => {
  let test: TestInstallation;
  beforeAll(() => {
    test = new TestInstallation(cluster, { isolation: 'vcluster' });
  });
  afterEach(async () => expect(await test.leftovers()).toEqual([]));

  it.each([
    [20, 'an ordinary', { cpuMillicores: 2000, memoryBytes: 4096 * mebibyte, storageBytes: 20_480 * mebibyte }],
    [1, 'the smallest', { cpuMillicores: 500, memoryBytes: 256 * mebibyte, storageBytes: 1024 * mebibyte }],
  ])('has room %i times beside the parts of %s session', async (replicas, _, limits) => {
    const spec = await test.ready({ limits });
    const at = { namespace: namespaceOf(spec.sessionId), name: 'web' };
    const labels = { app: 'web' };
    const containers = [{ name: 'web', image: 'nginx:alpine', imagePullPolicy: 'IfNotPresent' }];
    await test.client.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: at,
      spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    });
    await eventually(async () => {
      const { status } = await test.client.get<Deployment>(resources.deployment, at);
      expect(status?.readyReplicas, JSON.stringify(status?.conditions)).toBe(replicas);
      const dns = await test.client.list(resources.pod, { ...at, labelSelector: 'vcluster.loft.sh/managed-by' });
      expect(dns).toMatchObject([{ status: { phase: 'Running' } }]);
    }, patience);
  });
});
