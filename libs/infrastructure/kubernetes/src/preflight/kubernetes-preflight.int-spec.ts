import { randomBytes } from 'node:crypto';
import { AppError, newSessionId, systemClock } from '@nalabo/kernel';
import { sessionObjectName } from '@nalabo/infrastructure-port';
import { specFactory } from '@nalabo/infrastructure-port/conformance';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import type { KubePod } from '../session/kube-pod.js';
import { namespaceObject } from '../session/namespace-objects.js';
import { instanceSelector } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { KubernetesPreflight, type PreflightSettings } from './kubernetes-preflight.js';
import { probeState, reachExit, reachProbe, reachProbeName } from './probe-pods.js';

const patience = { timeoutMs: 120_000, intervalMs: 250 };

describeOnCluster('the preflight of a cluster', process.env, ({ kubeconfig, targetConfig }) => {
  const client = new KubeClient(loadKubeConfig({ file: kubeconfig }));
  let settings: PreflightSettings;

  const namespaces = () =>
    client.listMetadata(resources.namespace, { labelSelector: instanceSelector(settings.instance) });
  const preflight = (overrides: Partial<PreflightSettings> = {}) =>
    new KubernetesPreflight(client, systemClock, { ...settings, ...overrides });
  const statuses = async (examined: KubernetesPreflight) => {
    const findings = await examined.run(AbortSignal.timeout(140_000));
    return Object.fromEntries(findings.map(({ name, status }) => [name, status]));
  };

  beforeEach(() => {
    const instance = `test-${randomBytes(6).toString('hex')}`;
    settings = { ...targetConfig, instance, isolation: 'vcluster', renderChart: () => Promise.resolve() };
  });

  afterEach(async () => {
    await eventually(async () => expect(await namespaces()).toEqual([]), patience);
  });

  it('finds that what keeps sessions apart is enforced, and tries it no more for a while', async () => {
    const examined = preflight();
    const found = await statuses(examined);
    expect(found).toMatchObject({
      'cluster version': 'ok',
      'API services': 'ok',
      metrics: 'ok',
      'storage classes': 'ok',
      'virtual cluster chart': 'ok',
      'rights of the provisioner': 'ok',
      'rights of the executor': 'ok',
      'rights of the monitor': 'ok',
      'pod security': 'ok',
      'workbench image': 'ok',
      'network policies': 'ok',
    });
    await eventually(async () => expect(await namespaces()).toEqual([]), patience);
    expect(await statuses(examined)).toEqual(found);
    expect(await namespaces()).toEqual([]);
  });

  it('names an image that the cluster does not get, and a chart that does not render', async () => {
    const renderChart = () => Promise.reject(new AppError('unavailable', 'helm is not on the PATH'));
    const examined = preflight({ workbenchImage: 'nalabo.invalid/nothing:1', renderChart });
    expect(await statuses(examined)).toMatchObject({
      'workbench image': 'failed',
      'network policies': 'warning',
      'virtual cluster chart': 'failed',
    });
  });

  it('knows a pod that no policy cuts off', async () => {
    const name = sessionObjectName(newSessionId());
    const labels = { 'nalabo.io/managed-by': 'nalabo', 'nalabo.io/instance': settings.instance };
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    try {
      // The service account that every pod needs is made a moment after its namespace.
      const probe = reachProbe({ namespace: name, labels, image: settings.workbenchImage });
      await eventually(() => client.create(probe), patience);
      await eventually(async () => {
        const found = await client.get<KubePod>(resources.pod, { namespace: name, name: reachProbeName });
        expect(probeState(found)).toEqual({ step: 'ended', exitCode: reachExit.neverCutOff });
      }, patience);
    } finally {
      await client.delete(resources.namespace, { name });
    }
  });

  it('removes what a process that died in its middle has left', async () => {
    const spec = { ...specFactory(0)(), workshopId: 'preflight', endsByEpochSeconds: 1 };
    await client.create(namespaceObject(spec, { instance: settings.instance, isolation: 'vcluster' }));
    await statuses(preflight({ workbenchImage: 'INVALID//image' }));
    await eventually(async () => expect(await namespaces()).toEqual([]), patience);
  });

  it('that is broken off leaves nothing', async () => {
    const shutdown = new AbortController();
    const run = preflight().run(shutdown.signal);
    await eventually(async () => expect(await namespaces()).toHaveLength(1), patience);
    shutdown.abort();
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('fails as unavailable where the cluster is away', async () => {
    const away = new KubeClient(loadKubeConfig({ file: kubeconfig, endpoint: 'https://127.0.0.1:1' }));
    const examined = new KubernetesPreflight(away, systemClock, settings);
    await expect(examined.run(AbortSignal.timeout(10_000))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
