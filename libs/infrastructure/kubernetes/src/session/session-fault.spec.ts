import { describe, expect, it } from 'vitest';
import type { ContainerStatus, KubePod } from './kube-pod.js';
import { sessionFault } from './session-fault.js';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
const podWith = (container: Omit<ContainerStatus, 'name' | 'restartCount'> & { restartCount?: number }): KubePod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  status: { containerStatuses: [{ name: 'syncer', restartCount: 0, ...container }] },
});
const waiting = (reason: string) => ({ state: { waiting: { reason } } });

describe('a session that is being built', () => {
  it.each([
    ['while its containers are made', podWith(waiting('ContainerCreating'))],
    ['after one failed pull, which may have been bad luck', podWith(waiting('ErrImagePull'))],
    ['after its first crash', podWith({ ...waiting('CrashLoopBackOff'), restartCount: 1 })],
    ['before it has any pod', undefined],
  ])('has no fault %s', (_, workbench) => {
    expect(sessionFault({ namespace, workbench, controlPlane: undefined })).toBeUndefined();
  });

  it.each([
    ['ImagePullBackOff', 0, /image of syncer cannot be fetched/],
    ['ErrImageNeverPull', 0, /must not be fetched/],
    ['InvalidImageName', 0, /name that no registry knows/],
    ['CrashLoopBackOff', 3, /ends again and again \(OOMKilled\)/],
  ])('gives up at once on %s', (reason, restartCount, message) => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    const pod = podWith({ ...waiting(reason), restartCount, lastState });
    expect(sessionFault({ namespace, workbench: pod, controlPlane: undefined })).toMatch(message);
    expect(sessionFault({ namespace, workbench: undefined, controlPlane: pod })).toMatch(/^The virtual cluster/);
  });
});
