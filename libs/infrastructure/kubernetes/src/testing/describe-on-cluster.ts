import { describe, it } from 'vitest';
import {
  kubernetesEnvironmentSchema,
  kubernetesTargetConfig,
  type KubernetesTargetConfig,
} from '../kubernetes-target.config.js';

/** The cluster that tests run on. */
export interface TestCluster {
  readonly kubeconfig: string;
  /** What the environment says of a target there; a test gives it an installation of its own. */
  readonly targetConfig: KubernetesTargetConfig;
}

/** A group of tests on the cluster of `KUBECONFIG`; without one it is skipped by name. */
export function describeOnCluster(
  name: string,
  environment: NodeJS.ProcessEnv,
  declare: (cluster: TestCluster) => void,
): void {
  const { KUBECONFIG: kubeconfig } = environment;
  if (!kubeconfig) {
    describe(name, () => {
      it.skip('is not tested: KUBECONFIG is not set');
    });
    return;
  }
  const variables = { ...kubernetesEnvironmentSchema.parse(environment), NALABO_INSTANCE: 'test' };
  const targetConfig = kubernetesTargetConfig(variables, { name: 'test', type: 'kubernetes' });
  describe(name, () => declare({ kubeconfig, targetConfig }));
}
