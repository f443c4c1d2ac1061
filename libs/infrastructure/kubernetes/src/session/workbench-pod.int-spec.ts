import { afterEach, beforeAll, expect, it } from 'vitest';
import { resources } from '../cluster/kube-resource.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { TestInstallation } from '../testing/test-installation.js';
import type { KubePod } from './kube-pod.js';
import { namespaceOf, workbenchName } from './session-names.js';

describeOnCluster('the workbench of a session on Kubernetes', process.env, (cluster) => {
  let test: TestInstallation;
  beforeAll(() => {
    test = new TestInstallation(cluster, { isolation: 'namespace' });
  });
  afterEach(async () => expect(await test.leftovers()).toEqual([]));

  it('says that a folder for passing things is full, where more would cost the workspace', async () => {
    const spec = await test.ready();
    const fill = (folder: string): Promise<string> =>
      test.output(spec, `head -c 100M /dev/zero 2>/dev/null > ${folder}/filling; stat -c %s ${folder}/filling`);
    for (const folder of ['/tmp', '/run']) {
      expect(Number(await fill(folder))).toBeLessThanOrEqual(64 * 2 ** 20);
      await test.output(spec, `rm ${folder}/filling`);
    }
    expect(Number(await fill('/home/lab'))).toBe(100 * 2 ** 20);
  });

  it('survives the end of all that its learner may end', async () => {
    const spec = await test.ready();
    await test.output(spec, 'kill 1; kill -s INT 1; kill -9 1');
    // The command ends with all others.
    await test.output(spec, 'kill -9 -1').catch(() => undefined);
    expect(await test.output(spec, 'echo here')).toBe('here\n');
    const at = { namespace: namespaceOf(spec.sessionId), name: workbenchName };
    const pod = await test.client.get<KubePod>(resources.pod, at);
    expect(pod.status?.containerStatuses?.map(({ restartCount }) => restartCount)).toEqual([0, 0]);
  });
});
