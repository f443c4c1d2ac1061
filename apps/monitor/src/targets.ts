import { readFile } from 'node:fs/promises';
import { createDockerTarget, dockerEnvironmentSchema, dockerTargetConfig } from '@nalabo/infrastructure-docker';
import {
  type InfrastructureTarget,
  parseTargetSettings,
  TargetRegistry,
  type TargetSettings,
} from '@nalabo/infrastructure-port';
import type { ServiceConfig } from '@nalabo/service-host';
import { z } from 'zod';

export const targetsConfigSchema = dockerEnvironmentSchema.safeExtend({
  /** A file with further targets. */
  NALABO_TARGETS: z.string().min(1).optional(),
});
type TargetsConfig = Readonly<z.output<typeof targetsConfigSchema>> & Pick<ServiceConfig, 'NALABO_INSTANCE'>;

const knownSettings = { docker: ['dockerHost', 'dockerNetwork'] };

/** The infrastructure of this installation. The only place that knows which providers there are. */
export async function loadTargets(config: TargetsConfig): Promise<TargetRegistry> {
  const file = config.NALABO_TARGETS;
  const further = file === undefined ? [] : parseTargetSettings(await readFile(file, 'utf8'), knownSettings);
  const local: TargetSettings = { type: 'docker', name: 'local-docker' };
  return new TargetRegistry([local, ...further].map((settings) => dockerTarget(settings, config)));
}

function dockerTarget({ name, ...settings }: TargetSettings, config: TargetsConfig): InfrastructureTarget {
  const variables = {
    ...config,
    DOCKER_HOST: settings['dockerHost'] ?? config.DOCKER_HOST,
    DOCKER_NETWORK: settings['dockerNetwork'] ?? config.DOCKER_NETWORK,
  };
  const identity = { name, instance: config.NALABO_INSTANCE };
  return createDockerTarget({ ...dockerTargetConfig(variables, identity), readOnly: true });
}
