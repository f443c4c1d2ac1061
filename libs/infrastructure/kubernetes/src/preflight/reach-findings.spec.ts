import { describe, expect, it } from 'vitest';
import type { KubePod } from '../session/kube-pod.js';
import { probeState, type ProbeState } from './probe-pods.js';
import { reachFindings } from './reach-findings.js';

type Status = NonNullable<KubePod['status']>;
type State = NonNullable<NonNullable<Status['containerStatuses']>[number]['state']>;

const pod = (state: State, conditions: Status['conditions'] = []): KubePod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'reach' },
  status: { conditions, containerStatuses: [{ name: 'reach', restartCount: 0, state }] },
});

describe('the state of the probe', () => {
  it.each<[string, KubePod, ProbeState]>([
    ['ended', pod({ terminated: { exitCode: 4 } }), { step: 'ended', exitCode: 4 }],
    [
      'without its image',
      pod({ waiting: { reason: 'ErrImagePull', message: 'not found' } }),
      { step: 'unable', reason: 'not found' },
    ],
    ['starting', pod({ waiting: { reason: 'ContainerCreating' } }), { step: 'waiting', reason: 'ContainerCreating' }],
    ['running', pod({ running: {} }), { step: 'waiting', reason: 'it does not answer yet' }],
    ['through', pod({ running: {} }, [{ type: 'Ready', status: 'True' }]), { step: 'reached' }],
    [
      'without a node',
      {
        ...pod({}),
        status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] },
      },
      { step: 'waiting', reason: '0/1 nodes are available' },
    ],
  ])('that is %s', (_case, probe, state) => {
    expect(probeState(probe)).toEqual(state);
  });
});

describe('what the end of the probe means', () => {
  it.each<[string, ProbeState, image: string, policies: string]>([
    ['cut off by the policy', { step: 'ended', exitCode: 0 }, 'ok', 'ok'],
    ['never cut off', { step: 'ended', exitCode: 4 }, 'ok', 'failed'],
    ['never through', { step: 'ended', exitCode: 3 }, 'ok', 'warning'],
    ['killed', { step: 'ended', exitCode: 137 }, 'ok', 'warning'],
    ['not ended', { step: 'reached' }, 'ok', 'warning'],
    ['without its image', { step: 'unable', reason: 'not found' }, 'failed', 'warning'],
    ['not started', { step: 'waiting', reason: 'no node' }, 'warning', 'warning'],
  ])('%s', (_case, end, image, policies) => {
    expect(reachFindings(end).map(({ name, status }) => [name, status])).toEqual([
      ['workbench image', image],
      ['network policies', policies],
    ]);
  });
});
