import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { namespaceOf } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformSession } from '../testing/platform-session.js';
import { limits, podSpec } from './hosted-files.cases.js';

const patience = { timeoutMs: 120_000, intervalMs: 200 };

/** Much more than the session has. */
const greedy = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: greedy }
spec:
  replicas: 20
  selector: { matchLabels: { app: greedy } }
  template:
    metadata: { labels: { app: greedy } }
    spec:${podSpec('x')}          resources: { limits: { cpu: 100m, memory: 200Mi } }
`;

interface Deployment extends KubeObject {
  readonly status?: {
    readonly readyReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}

describeOnCluster('the shares of a session without a cluster of its own', process.env, (cluster) => {
  const platform = new PlatformSession(cluster);
  const { admin } = platform;
  beforeAll(() => platform.open());
  afterAll(() => platform.close());

  it('leave the workbench its own when the pods want everything and it is made anew', async () => {
    const spec = await platform.provisioner.ready({ isolation: 'namespace', limits });
    const namespace = namespaceOf(spec.sessionId);
    const holdsTwo = () =>
      eventually(async () => {
        const { status } = await admin.get<Deployment>(resources.deployment, { namespace, name: 'greedy' });
        expect(status).toMatchObject({ readyReplicas: 2 });
        const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
        // Beside the workbench both are used up, and the cluster names either.
        expect(failure?.message).toMatch(/exceeded quota: (pods|session)/);
      }, patience);
    await platform.apply(spec, greedy);
    await holdsTwo();
    await admin.delete(resources.pod, { namespace, name: 'workbench' }, { gracePeriodSeconds: 0 });
    await holdsTwo();
    await platform.provisioner.becomesReady(spec);
    await holdsTwo();
  });
});
