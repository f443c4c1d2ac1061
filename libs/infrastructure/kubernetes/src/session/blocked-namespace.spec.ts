import { describe, expect, it } from 'vitest';
import { whyNamespaceHangs } from './blocked-namespace.js';
import type { KubeCondition } from './kube-pod.js';

const namespace = (conditions: readonly KubeCondition[]) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'n' },
  status: { conditions },
});
const condition = (type: string, message: string, status = 'True') => ({ type, status, message });

describe('a namespace that does not go away', () => {
  it('names the object and the finalizer that it waits for', () => {
    const held = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept', finalizers: ['example.org/hold'] } },
    ];
    const why = 'configmap kept waits for example.org/hold';
    expect(whyNamespaceHangs(namespace([]), held, [])).toEqual({ message: why, publicMessage: why });
  });

  it('names the API service that does not answer before anything else, and to operators only', () => {
    const said = [
      condition('NamespaceContentRemaining', 'pods has 1'),
      condition('NamespaceDeletionDiscoveryFailure', 'metrics.k8s.io is stale'),
    ];
    const publicMessage = "a service of the cluster's API does not answer; pods has 1";
    expect(whyNamespaceHangs(namespace(said), [], ['v1beta1.metrics.k8s.io'])).toEqual({
      message: 'the API service v1beta1.metrics.k8s.io does not answer; metrics.k8s.io is stale; pods has 1',
      publicMessage,
    });
    expect(whyNamespaceHangs(namespace(said), [], []).publicMessage).toBe(publicMessage);
  });

  it('says that it is on its way when nothing holds it', () => {
    const fine = [condition('NamespaceContentRemaining', 'all gone', 'False')];
    expect(whyNamespaceHangs(namespace(fine), [], []).message).toBe('its content is still being removed');
  });
});
