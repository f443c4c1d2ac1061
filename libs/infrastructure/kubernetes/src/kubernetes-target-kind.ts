import type { TargetKindFactory, TargetSettings } from '@nalabo/infrastructure-port';
import {
  kubernetesSettings,
  kubernetesTargetConfig,
  type KubernetesEnvironment,
  type KubernetesTargetConfig,
} from './kubernetes-target.config.js';

type Variables = KubernetesEnvironment & { readonly NALABO_INSTANCE: string };

/** How a service makes Kubernetes targets: the environment says what a target's own settings leave open. */
export function kubernetesTargetKind(
  variables: Variables,
  options: Pick<KubernetesTargetConfig, 'readOnly'> = {},
): TargetKindFactory {
  return {
    settings: kubernetesSettings,
    create: async (settings) => {
      const config = { ...kubernetesTargetConfig(variables, settings), ...options };
      // The client takes half a second and much memory to load, which an installation without a cluster should not pay.
      const { createKubernetesTarget } = await import('./kubernetes-target.js');
      return createKubernetesTarget(config);
    },
  };
}

/** The target that the environment describes, or none: a cluster is never searched for. */
export function localKubernetesTargets(variables: KubernetesEnvironment): readonly TargetSettings[] {
  const isDescribed =
    variables.KUBECONFIG !== undefined || variables.K8S_ENDPOINT !== undefined || variables.K8S_IN_CLUSTER;
  return isDescribed ? [{ type: 'kubernetes', name: 'local-kubernetes' }] : [];
}
