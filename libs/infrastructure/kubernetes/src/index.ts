export { createKubernetesTarget } from './kubernetes-target.js';
export { kubernetesEnvironmentSchema, kubernetesTargetConfig } from './kubernetes-target.config.js';
export type { KubernetesEnvironment, KubernetesTargetConfig } from './kubernetes-target.config.js';
export { kubernetesTargetKind, localKubernetesTargets } from './kubernetes-target-kind.js';
