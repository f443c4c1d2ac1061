import { AppError } from '@nalabo/kernel';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { countWrites } from '../testing/count-writes.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { workbenchProcess } from '../testing/host-process.js';
import { TestInstallation } from '../testing/test-installation.js';
import { namespaceOf } from './session-names.js';

const patience = { timeoutMs: 120_000, intervalMs: 100 };
/**
 * What a session in a namespace may cost the cluster's API: nine for its boundaries and its workbench, five for what lets its
 * learner apply files there (account, role, binding, a quota and a network policy of their pods), and two for its end.
 */
const writes = { toMake: 14, toRemove: 2 };

describeOnCluster('a session on Kubernetes', process.env, (cluster) => {
  let test: TestInstallation;
  let client: KubeClient;
  beforeAll(() => {
    test = new TestInstallation(cluster, { isolation: 'namespace' });
    client = test.client;
  });
  afterEach(async () => expect(await test.leftovers()).toEqual([]));

  const run = async (spec: SessionSpec, script: string): Promise<string> => test.output(spec, script);

  it(`is made with at most ${writes.toMake} writes and removed with ${writes.toRemove}`, async () => {
    let spec: SessionSpec | undefined;
    const made = await countWrites(async () => {
      spec = await test.ready();
    });
    expect(made.length, made.join('\n')).toBeLessThanOrEqual(writes.toMake);
    const removed = await countWrites(async () => spec && (await test.destroy(spec)));
    expect(removed.length, removed.join('\n')).toBeLessThanOrEqual(writes.toRemove);
  });

  it('costs nothing to look at again and again while it is well', async () => {
    const spec = await test.ready();
    await eventually(async () => {
      const requests = await countWrites(async () => test.observe(spec));
      expect(requests).toEqual([]);
      expect(await test.observe(spec)).toMatchObject({ readiness: 'ready' });
    }, patience);
  });

  it('is started again where it stands by its node, with its files, and says so until that has been noted', async (context) => {
    const spec = await test.ready();
    await run(spec, 'echo kept > notes');
    const first = await workbenchProcess(spec.sessionId);
    if (first === undefined) return context.skip('the node is another machine, and nobody inside can end a workbench');
    process.kill(first, 'SIGKILL');
    const stopped = await eventually(async () => {
      const seen = await test.observe(spec);
      expect(seen).toMatchObject({ readiness: 'stopped', reason: expect.stringMatching(/ended/) });
      return seen;
    }, patience);
    expect(stopped).toMatchObject({ presence: 'present' });
    await test.becomesReady(spec);
    expect(await run(spec, 'cat notes')).toBe('kept\n');
  });

  it('fails at once when its image cannot even be asked for', async () => {
    const broken = new TestInstallation(cluster, { isolation: 'namespace', workbenchImage: 'INVALID//image' });
    const spec = broken.newSpec();
    try {
      const error = await eventually(async () => {
        const thrown: unknown = await broken.ensure(spec).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(thrown).toBeInstanceOf(AppError);
        return thrown as AppError;
      }, patience);
      expect(error).toMatchObject({
        kind: 'unprocessable',
        publicMessage: expect.stringMatching(/image of .* has a name that no registry knows/),
      });
    } finally {
      expect(await broken.leftovers()).toEqual([]);
    }
  });

  it('names the object and the finalizer that hold up its end, leaves them alone, and ends when they are gone', async () => {
    const impatient = new TestInstallation(cluster, { instance: test.instance, removalPatienceMs: 9000 });
    const spec = await test.ready();
    const namespace = namespaceOf(spec.sessionId);
    const metadata = { name: 'held', namespace, finalizers: ['example.org/hold'] };
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    try {
      await expect(impatient.destroy(spec)).rejects.toMatchObject({
        kind: 'unavailable',
        publicMessage: expect.stringContaining('configmap held waits for example.org/hold'),
      });
      expect(await client.find(resources.configMap, metadata)).toMatchObject({
        metadata: { finalizers: ['example.org/hold'] },
      });
    } finally {
      await client.patch(resources.configMap, metadata, { metadata: { finalizers: null } });
      expect(await test.leftovers()).toEqual([]);
    }
  });
});
