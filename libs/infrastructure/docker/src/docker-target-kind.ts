import type { TargetKindFactory } from '@nalabo/infrastructure-port';
import { createDockerTarget } from './docker-target.js';
import { dockerTargetConfig, type DockerEnvironment, type DockerTargetConfig } from './docker-target.config.js';
import { RegistryLogins } from './engine/registry-logins.js';
import { readImageCatalogue } from './services/read-image-catalogue.js';

/** How a service makes Docker targets: the environment says what a target's own settings leave open. */
export function dockerTargetKind(
  variables: DockerEnvironment & { readonly NALABO_INSTANCE: string },
  options: Pick<DockerTargetConfig, 'readOnly' | 'onStep' | 'onPull'> = {},
): TargetKindFactory {
  return {
    settings: ['dockerHost', 'dockerNetwork', 'registryAuth', 'buildCgroupParent'],
    create: async ({ name, dockerHost, dockerNetwork, registryAuth, buildCgroupParent }) => {
      const own = {
        ...variables,
        DOCKER_HOST: dockerHost ?? variables.DOCKER_HOST,
        DOCKER_NETWORK: dockerNetwork ?? variables.DOCKER_NETWORK,
        NALABO_REGISTRY_AUTH: registryAuth ?? variables.NALABO_REGISTRY_AUTH,
        // Each engine has control groups of its own.
        NALABO_BUILD_CGROUP:
          buildCgroupParent ?? (dockerHost === undefined ? variables.NALABO_BUILD_CGROUP : undefined),
      };
      const identity = { name, instance: variables.NALABO_INSTANCE };
      const file = variables.NALABO_IMAGES;
      const images = file === undefined ? undefined : await readImageCatalogue(file);
      const config = { ...dockerTargetConfig(own, identity), images, ...options };
      // One that only observes pulls nothing, and need not be able to read the logins.
      if (!options.readOnly) await new RegistryLogins(config).registries();
      return createDockerTarget(config);
    },
  };
}
