import { describe, expect, it } from 'vitest';
import type { ContainerStatus, KubePod } from './kube-pod.js';
import { workbenchState } from './workbench-state.js';

const running = { running: { startedAt: '2026-01-01T12:00:00Z' } };

function pod(
  container: Partial<ContainerStatus> | null,
  over: Partial<KubePod['status']> = {},
  metadata = {},
): KubePod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'workbench', ...metadata },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: container ? [{ name: 'workbench', restartCount: 0, state: running, ...container }] : [],
      ...over,
    },
  };
}

describe('a workbench', () => {
  it.each<[string, KubePod | undefined, string, RegExp | null]>([
    ['runs', pod({}), 'ready', null],
    ['is not there', undefined, 'stopped', /missing/],
    ['is being removed', pod({}, {}, { deletionTimestamp: '2026-01-01T12:00:00Z' }), 'stopped', /removed/],
    ['was put off its node', pod({}, { phase: 'Failed', reason: 'Evicted' }), 'stopped', /Evicted/],
    [
      'has reached its deadline',
      pod({}, { phase: 'Failed', reason: 'DeadlineExceeded' }),
      'stopped',
      /DeadlineExceeded/,
    ],
    ['has ended at its time', pod({ state: { terminated: { exitCode: 0 } } }), 'stopped', /time is over/],
    [
      'was killed',
      pod({ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
      'stopped',
      /OOMKilled \(exit 137\)/,
    ],
    ['was started again by its node', pod({ restartCount: 1 }), 'stopped', /started again/],
    [
      'was started again, which has been noted',
      pod({ restartCount: 1 }, {}, { annotations: { 'nalabo.io/restarts': '1' } }),
      'ready',
      null,
    ],
    ['has no node yet', pod(null), 'pending', /waiting for its node/],
    [
      'has no node with room',
      pod(null, { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }),
      'pending',
      /no node has room .*Unschedulable/,
    ],
    ['is being made', pod({ state: { waiting: { reason: 'ContainerCreating' } } }), 'pending', /ContainerCreating/],
    ['runs, and what it waits for does not answer', pod({}, { conditions: [] }), 'pending', /\w/],
  ])('that %s reads so', (_, found, readiness, reason) => {
    const state = workbenchState(found);
    expect(state.readiness).toBe(readiness);
    if (reason) expect(state.reason).toMatch(reason);
    else expect(state.reason).toBeNull();
  });
});
