import { describe, expect, it } from 'vitest';
import { buildSteps } from './build-steps.js';
import type { KubePod } from './kube-pod.js';

const at = (second: number): string => `2026-01-01T12:00:${String(second).padStart(2, '0')}Z`;
const pod = (created: number, started: number | null, ready: number | null): KubePod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', creationTimestamp: at(created) },
  status: {
    conditions: ready === null ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: at(ready) }],
    containerStatuses: [
      { name: 'c', restartCount: 0, state: started === null ? {} : { running: { startedAt: at(started) } } },
    ],
  },
});

describe('the steps to a ready session', () => {
  it('tell how long each took', () => {
    const steps = buildSteps({ workbench: pod(1, 3, 14), controlPlane: pod(1, 4, 13) });
    expect(steps.map(({ step, durationMs }) => [step, durationMs])).toEqual([
      ['virtual cluster', 12_000],
      ['workbench', 2000],
      ['ready', 13_000],
    ]);
  });

  it('tell what is still going on', () => {
    const steps = buildSteps({ workbench: pod(1, null, null), controlPlane: undefined });
    expect(steps.map(({ step, status }) => [step, status])).toEqual([
      ['workbench', 'running'],
      ['ready', 'running'],
    ]);
  });

  it('tell of a workbench that was made again what that one took', () => {
    const steps = buildSteps({ workbench: pod(50, 51, 52), controlPlane: pod(1, 4, 13) });
    expect(steps.map(({ step, durationMs }) => [step, durationMs])).toEqual([
      ['virtual cluster', 12_000],
      ['workbench', 1000],
      ['ready', 2000],
    ]);
  });
});
