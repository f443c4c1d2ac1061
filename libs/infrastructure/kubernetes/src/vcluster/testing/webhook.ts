import type { KubeObject } from '../../cluster/kube-object.js';
import type { KubeResource } from '../../cluster/kube-resource.js';

export const webhooks: KubeResource = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  isNamespaced: false,
};

/** Makes the API call an address of the learner's choice whenever a config map is made in `apps`. */
export function webhook(url: string): KubeObject {
  const { apiVersion, kind } = webhooks;
  const one = {
    name: 'bridge.example.org',
    clientConfig: { url },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'apps' } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 3,
  };
  return { apiVersion, kind, metadata: { name: 'bridge' }, webhooks: [one] };
}
