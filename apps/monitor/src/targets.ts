import { dockerEnvironmentSchema, dockerTargetKind } from '@nalabo/infrastructure-docker';
import {
  kubernetesEnvironmentSchema,
  kubernetesTargetKind,
  localKubernetesTargets,
} from '@nalabo/infrastructure-kubernetes';
import { loadTargets, type TargetRegistry } from '@nalabo/infrastructure-port';
import { serviceConfigSchema } from '@nalabo/service-host';
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
  const kinds = {
    docker: dockerTargetKind(config, { readOnly: true }),
    kubernetes: kubernetesTargetKind(config, { readOnly: true }),
  };
  return loadTargets({ local, file: config.NALABO_TARGETS }, kinds);
}
