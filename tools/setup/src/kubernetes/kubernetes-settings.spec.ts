import { describe, expect, it } from 'vitest';
import { clusterName, kubernetesGaps, kubernetesSettings } from './kubernetes-settings.js';

describe('what an environment says about Kubernetes', () => {
  it.each<[string, NodeJS.ProcessEnv, object | undefined]>([
    ['nothing without a cluster', { K8S_ISOLATION: 'namespace', K8S_TOKEN: 'secret' }, undefined],
    ['nothing in an empty variable', { KUBECONFIG: '', K8S_ENDPOINT: '' }, undefined],
    ['nothing by a cluster around it that is not meant', { K8S_IN_CLUSTER: 'false' }, undefined],
    [
      'all of its variables and no others',
      { KUBECONFIG: '/config', K8S_CONTEXT: 'a', K8S_TOKEN: '', PATH: '/bin', K8SX: '1' },
      { KUBECONFIG: '/config', K8S_CONTEXT: 'a' },
    ],
  ])('is %s', (_, environment, settings) => {
    expect(kubernetesSettings(environment)).toEqual(settings);
  });

  it.each([
    [{ KUBECONFIG: '/config' }, '/config'],
    [{ KUBECONFIG: '/config', K8S_CONTEXT: 'training' }, '/config (context training)'],
    [{ K8S_ENDPOINT: 'https://10.0.0.1:6443', K8S_TOKEN: 'secret' }, 'https://10.0.0.1:6443'],
    [{ K8S_IN_CLUSTER: 'true' }, 'this pod'],
  ])('%j is called %s', (settings, name) => {
    expect(clusterName(settings as Record<string, string>)).toBe(name);
  });
});

describe('what sessions lack', () => {
  it('is told for each thing that nobody has named', () => {
    expect(kubernetesGaps({ KUBECONFIG: '/config' }, false).map((gap) => gap.split(' ')[0])).toEqual([
      'helm',
      'K8S_VCLUSTER_CHART',
      'K8S_WORKBENCH_IMAGE',
    ]);
  });

  it('is nothing when all is there', () => {
    expect(kubernetesGaps({ K8S_VCLUSTER_CHART: '/chart', K8S_WORKBENCH_IMAGE: 'a/b:1' }, true)).toEqual([]);
  });
});
