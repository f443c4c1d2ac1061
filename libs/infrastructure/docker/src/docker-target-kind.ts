import type { TargetKindFactory } from '@nalabo/infrastructure-port';
import { createDockerTarget } from './docker-target.js';
import { dockerTargetConfig, type DockerEnvironment, type DockerTargetConfig } from './docker-target.config.js';

/** How a service makes Docker targets: the environment says what a target's own settings leave open. */
export function dockerTargetKind(
  variables: DockerEnvironment & { readonly NALABO_INSTANCE: string },
  options: Pick<DockerTargetConfig, 'readOnly' | 'onStep' | 'images'> = {},
): TargetKindFactory {
  return {
    settings: ['dockerHost', 'dockerNetwork'],
    create: ({ name, dockerHost, dockerNetwork }) => {
      const own = {
        ...variables,
        DOCKER_HOST: dockerHost ?? variables.DOCKER_HOST,
        DOCKER_NETWORK: dockerNetwork ?? variables.DOCKER_NETWORK,
      };
      const identity = { name, instance: variables.NALABO_INSTANCE };
      return createDockerTarget({ ...dockerTargetConfig(own, identity), ...options });
    },
  };
}
