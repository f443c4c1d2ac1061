import { systemClock } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { resources } from '../cluster/kube-resource.js';
import { countRequests } from '../testing/count-writes.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { TestInstallation } from '../testing/test-installation.js';
import { VirtualClusterChart } from '../vcluster/virtual-cluster-chart.js';
import { VirtualClusters } from '../vcluster/virtual-clusters.js';
import { SessionBuilder } from './session-builder.js';
import { namespaceOf } from './session-names.js';

const patience = { timeoutMs: 120_000, intervalMs: 100 };

describeOnCluster('building a session', process.env, (cluster) => {
  let test: TestInstallation;
  beforeAll(() => {
    test = new TestInstallation(cluster, { isolation: 'namespace' });
  });
  afterEach(async () => expect(await test.leftovers()).toEqual([]));

  it('costs one look when nothing is missing', async () => {
    const spec = await test.ready();
    const namespace = `/api/v1/namespaces/${namespaceOf(spec.sessionId)}`;
    const requests = await countRequests(async () => test.ensure(spec));
    expect(requests).toEqual([`GET ${namespace}`, `GET ${namespace}/pods`]);
  });

  it('writes nothing into a namespace that somebody else has made since it was looked for', async () => {
    const { client, instance } = test;
    const spec = test.newSpec();
    const name = namespaceOf(spec.sessionId);
    const settings = { ...cluster.targetConfig, instance, isolation: 'namespace' as const };
    const chart = new VirtualClusterChart({
      chart: settings.virtualClusterChart,
      imagePrefix: settings.imagePrefix,
      helm: { environment: settings.helmEnvironment },
    });
    const virtualClusters = new VirtualClusters(client, chart, systemClock, settings);
    const builder = new SessionBuilder(client, virtualClusters, systemClock, settings);
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    try {
      await expect(builder.build(spec, undefined, AbortSignal.timeout(30_000))).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining('not ours'),
      });
      expect(await client.list(resources.roleBinding, { namespace: name })).toEqual([]);
      expect(await client.list(resources.resourceQuota, { namespace: name })).toEqual([]);
    } finally {
      await client.delete(resources.namespace, { name });
      await eventually(async () => expect(await client.find(resources.namespace, { name })).toBeUndefined(), patience);
    }
  });
});
