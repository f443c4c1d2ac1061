import type { ApplyModel, SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { resources } from '../cluster/kube-resource.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { objectsOf, PlatformSession } from '../testing/platform-session.js';
import { namespaceOf } from './session-names.js';

const patience = { timeoutMs: 120_000, intervalMs: 100 };

const brought = (file: string): ApplyModel => ({ type: 'yaml', objects: objectsOf(file) });
const greeting = (text: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: greeting }
data: { text: ${text} }
`;

describeOnCluster('what a workshop brings', process.env, (cluster) => {
  const platform = new PlatformSession(cluster);
  beforeAll(() => platform.open());
  afterEach(async () => expect(await platform.provisioner.leftovers()).toEqual([]));
  afterAll(() => platform.close());

  /** What the session holds under the name, by the API in which its learner finds it. */
  function held(spec: SessionSpec): Promise<string> {
    const kubectl = 'kubectl get configmap greeting --output=jsonpath={.data.text}';
    if (spec.isolation === 'vcluster') return platform.provisioner.output(spec, kubectl);
    const at = { namespace: namespaceOf(spec.sessionId), name: 'greeting' };
    return platform.admin.get(resources.configMap, at).then(({ data }) => (data as { text: string }).text);
  }

  it.each(['namespace', 'vcluster'] as const)(
    'is there when a session in a %s is ready, and left to the learner then',
    async (isolation) => {
      const spec = platform.provisioner.newSpec({ isolation, initial: brought(greeting('first')) });
      let wasThere = false;
      await eventually(async () => {
        const seen = await platform.provisioner.observe(spec);
        if (seen.presence === 'present' && seen.readiness === 'ready') wasThere = (await held(spec)) === 'first';
        else await platform.provisioner.ensure(spec);
        expect(seen).toMatchObject({ readiness: 'ready' });
      }, patience);
      expect(wasThere).toBe(true);
      await platform.provisioner.ensure({ ...spec, initial: brought(greeting('second')) });
      expect(await held(spec)).toBe('first');
      await platform.provisioner.ensure({ ...spec, initial: null });
      expect(await held(spec)).toBe('first');
      await expect(platform.plan(spec, greeting('mine'))).resolves.toMatchObject({ changes: [{ action: 'changed' }] });
    },
  );

  it.each([
    ['has a kind that no session takes', greeting('a').replace('ConfigMap', 'Gizmo'), /Gizmo/],
    ['is not in order', greeting('[1]'), /greeting|data/],
  ])('fails the build when it %s, and says why', async (_, file, why) => {
    const spec = platform.provisioner.newSpec({ isolation: 'namespace', initial: brought(file) });
    await eventually(async () => {
      await expect(platform.provisioner.ensure(spec)).rejects.toMatchObject({
        kind: 'unprocessable',
        publicMessage: expect.stringMatching(why),
      });
    }, patience);
    expect(await platform.provisioner.observe(spec)).toMatchObject({ readiness: 'pending' });
  });

  it('of Compose is nothing for a cluster', async () => {
    const compose = { services: [], networks: [], volumes: [], folders: [] };
    const initial: ApplyModel = { type: 'compose', compose, files: new Map() };
    const spec = platform.provisioner.newSpec({ isolation: 'namespace', initial });
    await eventually(
      () => expect(platform.provisioner.ensure(spec)).rejects.toMatchObject({ kind: 'unprocessable' }),
      patience,
    );
  });
});
