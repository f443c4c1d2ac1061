import { describe, expect, it } from 'vitest';
import { secondsOf, usageByNamespace, type PodMetrics } from './pod-metrics.js';

const workbench = { 'nalabo.io/part': 'workbench' };
const synced = { 'vcluster.loft.sh/managed-by': 'vcluster' };

function pod(namespace: string, labels: Record<string, string>, usages: [cpu: string, memory: string][]): PodMetrics {
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name: 'pod', namespace, labels },
    window: '15s',
    containers: usages.map(([cpu, memory]) => ({ usage: { cpu, memory } })),
  };
}

describe('the usage of a namespace', () => {
  it('is the sum over the containers of the workbench and of the learner’s own pods', () => {
    const pods = [
      pod('a', workbench, [
        ['250000000n', '1Mi'],
        ['500u', '512Ki'],
      ]),
      pod('a', synced, [['1', '1000']]),
      pod('b', workbench, [['3m', '1k']]),
    ];
    expect([...usageByNamespace(pods)]).toEqual([
      ['a', { cores: 1.2505, memoryBytes: 1.5 * 2 ** 20 + 1000, windowSeconds: 15 }],
      ['b', { cores: 0.003, memoryBytes: 1000, windowSeconds: 15 }],
    ]);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['the workbench', workbench, true],
    ['a synced pod', synced, true],
    [
      'a synced pod that calls itself the control plane',
      { ...synced, app: 'vcluster', 'nalabo.io/part': 'control-plane' },
      true,
    ],
    ['the virtual control plane', { app: 'vcluster', 'nalabo.io/part': 'control-plane' }, false],
    ['a pod that a learner has made in the namespace', { app: 'web' }, true],
  ])('counts %s: %s', (_case, labels, isCounted) => {
    expect(usageByNamespace([pod('a', labels, [['1', '1']])]).has('a')).toBe(isCounted);
  });

  it('is zero where a container says nothing', () => {
    const silent: PodMetrics = { ...pod('a', workbench, []), containers: [{}] };
    expect(usageByNamespace([silent]).get('a')).toMatchObject({ cores: 0, memoryBytes: 0 });
  });

  it.each([
    ['10.001s', 10.001],
    ['1m0s', 60],
    ['1h2m3.5s', 3723.5],
    ['500ms', 0.5],
    ['', 0],
  ])('has a window of %s', (text, seconds) => {
    expect(secondsOf(text)).toBeCloseTo(seconds, 6);
  });
});
