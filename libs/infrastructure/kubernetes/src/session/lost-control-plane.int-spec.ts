import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { resources } from '../cluster/kube-resource.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { TestInstallation } from '../testing/test-installation.js';
import { releaseName } from '../vcluster/virtual-cluster-names.js';
import { namespaceOf, workbenchName } from './session-names.js';

const patience = { timeoutMs: 120_000, intervalMs: 100 };
// One test waits for the start of four control planes.
vi.setConfig({ testTimeout: 900_000 });

describeOnCluster('the control plane of a session', process.env, (cluster) => {
  let test: TestInstallation;
  beforeAll(() => {
    test = new TestInstallation(cluster, { isolation: 'vcluster' });
  });
  afterEach(async () => expect(await test.leftovers()).toEqual([]));

  const deploymentOf = (spec: SessionSpec) => ({ namespace: namespaceOf(spec.sessionId), name: releaseName });
  const controlPlanes = async (spec: SessionSpec): Promise<readonly (string | undefined)[]> => {
    const query = { namespace: namespaceOf(spec.sessionId), labelSelector: 'nalabo.io/part=control-plane' };
    return (await test.client.listMetadata(resources.pod, query)).map(({ metadata }) => metadata.uid);
  };
  const readsAsLost = (spec: SessionSpec) =>
    eventually(async () => {
      const reason: unknown = expect.stringMatching(/virtual cluster was lost/);
      expect(await test.observe(spec)).toMatchObject({ presence: 'present', readiness: 'stopped', reason });
    }, patience);
  const isBackAndEmpty = async (spec: SessionSpec): Promise<void> => {
    await test.becomesReady(spec);
    expect(await test.observe(spec)).toMatchObject({ readiness: 'ready', reason: null });
    expect(await test.output(spec, 'kubectl get configmap notes --ignore-not-found --output=name')).toBe('');
  };

  it('is missed when it is put to rest, replaced or taken away, and brought back with an empty cluster', async () => {
    const spec = await test.ready();
    const makeNotes = () => test.output(spec, 'kubectl create configmap notes');
    await makeNotes();
    await test.client.patch(resources.deployment, deploymentOf(spec), { spec: { replicas: 0 } });
    await readsAsLost(spec);
    await isBackAndEmpty(spec);

    await makeNotes();
    const { namespace } = deploymentOf(spec);
    const [pod] = await test.client.listMetadata(resources.pod, {
      namespace,
      labelSelector: 'nalabo.io/part=control-plane',
    });
    await test.client.delete(resources.pod, { namespace, name: pod?.metadata.name ?? '' }, { gracePeriodSeconds: 1 });
    await readsAsLost(spec);
    await isBackAndEmpty(spec);

    await test.client.delete(resources.deployment, deploymentOf(spec));
    await readsAsLost(spec);
    await isBackAndEmpty(spec);
  });

  it('stays as it is when a platform that would make it otherwise restarts the workbench', async () => {
    const spec = await test.ready();
    await test.output(spec, 'kubectl create configmap notes');
    const before = await controlPlanes(spec);
    const upgraded = new TestInstallation(cluster, {
      isolation: 'vcluster',
      instance: test.instance,
      imagePrefix: 'upgraded/',
    });
    await test.client.delete(resources.pod, { ...deploymentOf(spec), name: workbenchName }, { gracePeriodSeconds: 1 });
    await upgraded.becomesReady(spec);
    expect(await controlPlanes(spec)).toEqual(before);
    expect(await test.output(spec, 'kubectl get configmap notes --output=name')).toBe('configmap/notes\n');
  });
});
