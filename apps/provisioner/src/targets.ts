import { createDockerTarget, dockerTargetConfig, type DockerEnvironment } from '@nalabo/infrastructure-docker';
import { TargetRegistry } from '@nalabo/infrastructure-port';

export { dockerEnvironmentSchema } from '@nalabo/infrastructure-docker';

/** The composition root of the infrastructure: the only file that names a concrete provider. */
export function createTargets(config: DockerEnvironment & { readonly NALABO_INSTANCE: string }): TargetRegistry {
  const identity = { name: 'local-docker', instance: config.NALABO_INSTANCE };
  return new TargetRegistry([createDockerTarget(dockerTargetConfig(config, identity))]);
}
