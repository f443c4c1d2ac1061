import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { TestInstallation } from '../testing/test-installation.js';
import { namespaceOf } from './session-names.js';

const patience = { timeoutMs: 120_000, intervalMs: 100 };
/** As the cluster writes it on the volumes that it makes for claims. */
const madeByCluster = { 'pv.kubernetes.io/provisioned-by': 'kubernetes.io/host-path' };
const finalizer = 'example.org/hold';

describeOnCluster('the volumes of a session', process.env, (cluster) => {
  let test: TestInstallation;
  let client: KubeClient;
  beforeAll(() => {
    test = new TestInstallation(cluster, { isolation: 'namespace' });
    client = test.client;
  });
  afterEach(async () => expect(await test.leftovers()).toEqual([]));

  const find = (name: string) => client.find(resources.persistentVolume, { name });

  /** A volume that is retained, and a claim of the session to it. */
  async function claimed(spec: SessionSpec, metadata: Readonly<Record<string, unknown>>): Promise<string> {
    const namespace = namespaceOf(spec.sessionId);
    const name = `test-${spec.sessionId}`;
    const capacity = { storage: '1Mi' };
    const access = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
    const source = { claimRef: { namespace, name: 'notes' }, hostPath: { path: `/tmp/${name}` } };
    await client.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, ...metadata },
      spec: { ...access, ...source, capacity, persistentVolumeReclaimPolicy: 'Retain' },
    });
    await client.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'notes', namespace },
      spec: { ...access, volumeName: name, resources: { requests: capacity } },
    });
    const isBound = { status: { phase: 'Bound' } };
    await eventually(async () => expect(await find(name)).toMatchObject(isBound), patience);
    return name;
  }

  it('end with it, although the class of its storage retains them', async () => {
    const spec = await test.ready();
    const volume = await claimed(spec, { annotations: madeByCluster });
    const removed = await test.destroy(spec);
    expect(removed.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining([
        `persistentvolumeclaim ${namespaceOf(spec.sessionId)}/notes`,
        `persistentvolume ${volume}`,
      ]),
    );
    expect(await find(volume)).toBeUndefined();
  });

  it('are left as they are when an operator has made them', async () => {
    const spec = await test.ready();
    const name = await claimed(spec, {});
    try {
      const removed = await test.destroy(spec);
      expect(removed.map(({ kind }) => kind)).not.toContain('persistentvolume');
      const left = await find(name);
      expect(left).toMatchObject({ spec: { persistentVolumeReclaimPolicy: 'Retain' } });
      expect(left?.metadata.labels ?? {}).toEqual({});
      expect(await test.observe(spec)).toMatchObject({ presence: 'absent' });
    } finally {
      await client.delete(resources.persistentVolume, { name });
      await eventually(async () => expect(await find(name)).toBeUndefined(), patience);
    }
  });

  it('keep a session from being over that are not gone with its namespace, and its receipt whole', async () => {
    const spec = await test.ready();
    const namespace = namespaceOf(spec.sessionId);
    const name = await claimed(spec, { annotations: madeByCluster, finalizers: [finalizer] });
    const isVolume = { kind: 'persistentvolume', name };
    // Long enough for the namespace, which has to be gone by then.
    const waiting = new TestInstallation(cluster, { instance: test.instance, removalPatienceMs: 45_000 });
    const error: unknown = await waiting.destroy(spec).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'unavailable',
      publicMessage: expect.stringContaining(name),
      details: {
        removing: expect.arrayContaining([
          { kind: 'namespace', name: namespace },
          { kind: 'pod', name: `${namespace}/workbench` },
          isVolume,
        ]),
      },
    });
    expect(await client.find(resources.namespace, { name: namespace })).toBeUndefined();
    expect(await test.observe(spec)).toMatchObject({
      presence: 'present',
      readiness: 'stopped',
      reason: expect.stringContaining(name),
      objects: [isVolume],
    });
    const impatient = new TestInstallation(cluster, { instance: test.instance, removalPatienceMs: 500 });
    await expect(impatient.destroy(spec)).rejects.toMatchObject({ details: { removing: [isVolume] } });
    await client.patch(resources.persistentVolume, { name }, { metadata: { finalizers: null } });
    await test.destroy(spec);
    expect(await test.observe(spec)).toMatchObject({ presence: 'absent' });
  });
});
