import type { TargetKindFactory } from '@nalabo/infrastructure-port';
import { createDockerTarget } from './docker-target.js';
import { dockerTargetConfig, type DockerEnvironment, type DockerTargetConfig } from './docker-target.config.js';
import { readImageCatalogue } from './services/read-image-catalogue.js';

/** How a service makes Docker targets: the environment says what a target's own settings leave open. */
export function dockerTargetKind(
  variables: DockerEnvironment & { readonly NALABO_INSTANCE: string },
  options: Pick<DockerTargetConfig, 'readOnly' | 'onStep'> = {},
): TargetKindFactory {
  return {
    settings: ['dockerHost', 'dockerNetwork'],
    create: async ({ name, dockerHost, dockerNetwork }) => {
      const own = {
        ...variables,
        DOCKER_HOST: dockerHost ?? variables.DOCKER_HOST,
        DOCKER_NETWORK: dockerNetwork ?? variables.DOCKER_NETWORK,
      };
      const identity = { name, instance: variables.NALABO_INSTANCE };
      const file = variables.NALABO_IMAGES;
      const images = file === undefined ? undefined : await readImageCatalogue(file);
      return createDockerTarget({ ...dockerTargetConfig(own, identity), images, ...options });
    },
  };
}
