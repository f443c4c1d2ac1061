import { dockerEnvironmentSchema, dockerTargetKind, type ImagePull } from '@nalabo/infrastructure-docker';
import {
  kubernetesEnvironmentSchema,
  kubernetesTargetKind,
  localKubernetesTargets,
} from '@nalabo/infrastructure-kubernetes';
import { loadTargets, type TargetRegistry } from '@nalabo/infrastructure-port';
import { serviceConfigSchema } from '@nalabo/service-host';
import { Logger } from '@nestjs/common';
import { z } from 'zod';

export const targetsConfigSchema = dockerEnvironmentSchema.safeExtend({
  ...serviceConfigSchema.shape,
  ...kubernetesEnvironmentSchema.shape,
  /** A file with further targets. */
  NALABO_TARGETS: z.string().min(1).optional(),
});
type TargetsConfig = z.output<typeof targetsConfigSchema>;

/** The composition root of the infrastructure: the only file that names a concrete provider. */
export function createTargets(config: Readonly<TargetsConfig>): Promise<TargetRegistry> {
  const local = [{ type: 'docker', name: 'local-docker' }, ...localKubernetesTargets(config)];
  const kinds = { docker: dockerTargetKind(config, { onPull: logPull }), kubernetes: kubernetesTargetKind(config) };
  return loadTargets({ local, file: config.NALABO_TARGETS }, kinds);
}

/** A pull may take minutes, in which nothing else is heard of a session. */
function logPull({ image, state, seconds }: ImagePull): void {
  const logger = new Logger('ImagePulls');
  if (state === 'failed') logger.warn(`image ${image} could not be pulled, after ${seconds} s`);
  else logger.log(state === 'started' ? `pulling image ${image}` : `pulled image ${image} in ${seconds} s`);
}
