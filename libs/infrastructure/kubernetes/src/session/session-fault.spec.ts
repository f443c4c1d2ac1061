import { describe, expect, it } from 'vitest';
import type { ContainerStatus, KubePod } from './kube-pod.js';
import { sessionFault } from './session-fault.js';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
const now = new Date('2026-01-01T00:02:00Z');
const startedBefore = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const podWith = (container: Partial<ContainerStatus>, startTime = startedBefore(0)): KubePod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  status: { startTime, containerStatuses: [{ name: 'syncer', restartCount: 0, ...container }] },
});
const waiting = (reason: string) => ({ state: { waiting: { reason } } });
const crashing = (name: string, restartCount: number, reason: string) => ({
  ...waiting('CrashLoopBackOff'),
  name,
  restartCount,
  lastState: { terminated: { exitCode: 137, reason } },
});

describe('a session that is being built', () => {
  it.each([
    ['while its containers are made', podWith(waiting('ContainerCreating'))],
    ['after one failed pull, which may have been bad luck', podWith(waiting('ErrImagePull'), startedBefore(600))],
    ['while a pull is tried again', podWith(waiting('ImagePullBackOff'), startedBefore(89))],
    ['before its node has taken it', { ...podWith(waiting('ImagePullBackOff')), status: {} }],
    ['after its first crash', podWith(crashing('checker', 1, 'Error'))],
    ['when its learner has ended the workbench many times', podWith(crashing('workbench', 9, 'Error'))],
    ['before it has any pod', undefined],
  ])('has no fault %s', (_, workbench) => {
    expect(sessionFault({ namespace, workbench, controlPlane: undefined }, now)).toBeUndefined();
  });

  it.each([
    ['an image that cannot be fetched for long', podWith(waiting('ImagePullBackOff'), startedBefore(90)), /be fetched/],
    ['an image that must not be fetched', podWith(waiting('ErrImageNeverPull')), /must not be fetched/],
    ['an impossible image', podWith(waiting('InvalidImageName')), /image of syncer has a name that no registry knows/],
    ['a checker that crashes', podWith(crashing('checker', 3, 'OOMKilled')), /ends again and again \(OOMKilled\)/],
    ['a workbench that cannot start', podWith(crashing('workbench', 3, 'StartError')), /again \(StartError\)/],
  ])('gives up on %s', (_, pod, message) => {
    expect(sessionFault({ namespace, workbench: pod, controlPlane: undefined }, now)).toMatch(message);
    expect(sessionFault({ namespace, workbench: undefined, controlPlane: pod }, now)).toMatch(/^The virtual cluster/);
  });
});
