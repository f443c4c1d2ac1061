export { kubernetesEnvironmentSchema } from './kubernetes-target.config.js';
export type { KubernetesEnvironment } from './kubernetes-target.config.js';
export { kubernetesTargetKind, localKubernetesTargets } from './kubernetes-target-kind.js';
