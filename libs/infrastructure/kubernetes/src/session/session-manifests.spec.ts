import { specFactory } from '@nalabo/infrastructure-port/conformance';
import { describe, expect, it } from 'vitest';
import { accessObjects, boundaryObjects, hostedObjects, namespaceObject } from './namespace-objects.js';
import { sessionLabels } from './session-names.js';
import { learnersPods, namespaceOverhead, namespaceShares } from './session-resources.js';
import { workbenchPod } from './workbench-pod.js';

const spec = {
  ...specFactory(0)({ environment: { GREETING: '$(HOME) it is, pa$$word' }, endsByEpochSeconds: 1_800_000_000 }),
  sessionId: 'aaaaaaaaaaaaaaaaaaaaaaaaaa',
} as ReturnType<ReturnType<typeof specFactory>>;
const surroundings = {
  instance: 'here',
  platformNamespace: 'nalabo',
  rolePrefix: 'nalabo',
  isolation: 'namespace',
} as const;
const shares = namespaceShares(spec.limits);
const pod = (virtualApi: { host: string; address: string } | null) =>
  workbenchPod(spec, {
    image: 'workbench:1',
    labels: sessionLabels('here', spec, 'namespace'),
    share: shares.workbench,
    now: new Date(1_799_999_000_000),
    virtualApi,
    hosts: virtualApi === null ? '127.0.0.1 localhost\n' : null,
  });

describe('the objects of a session', () => {
  it('are the golden ones in a namespace', () => {
    const objects = [
      namespaceObject(spec, surroundings),
      ...accessObjects(spec, surroundings),
      ...boundaryObjects(spec, surroundings, {
        overhead: namespaceOverhead,
        pods: learnersPods,
        podLimits: shares.pods,
      }),
      ...hostedObjects(spec, surroundings),
      pod(null),
    ];
    expect(objects).toMatchSnapshot();
  });

  it('let in the accounts of their own installation, where others share the cluster', () => {
    const account = { name: 'second-executor', namespace: 'labs' };
    expect(accessObjects(spec, { ...surroundings, platformNamespace: 'labs', rolePrefix: 'second' })).toMatchObject([
      { roleRef: { name: 'second-session-provisioner' } },
      { roleRef: { name: 'second-session-executor' }, subjects: [account] },
    ]);
  });

  it('are less strict about pods where a virtual cluster runs, whose control plane needs it', () => {
    const { metadata } = namespaceObject(spec, { ...surroundings, isolation: 'vcluster' });
    expect(metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'baseline' });
  });

  it('have a workbench that knows its virtual cluster by address and is ready when that answers', () => {
    expect(pod({ host: 'vcluster.n.svc', address: '10.0.0.7' }).spec).toMatchObject({
      hostAliases: [{ ip: '10.0.0.7', hostnames: ['vcluster.n.svc'] }],
      containers: [{ name: 'workbench' }, { name: 'checker', startupProbe: { exec: expect.anything() } }],
    });
  });

  it('end at their time, and have a second at least', () => {
    expect(pod(null).spec).toMatchObject({ activeDeadlineSeconds: 1000 });
    const late = workbenchPod(
      { ...spec, endsByEpochSeconds: 1 },
      { image: 'i', labels: {}, share: spec.limits, now: new Date(2000), virtualApi: null, hosts: null },
    );
    expect(late.spec).toMatchObject({ activeDeadlineSeconds: 1 });
  });
});
