import type { Capability, PreflightFinding } from '@nalabo/contracts';
import type { ImageBuilds } from '../builds/image-builds.js';
import { toAppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import type { StorageQuota } from '../session/storage-quota.js';
import { type EngineFacts, engineFindings } from './engine-findings.js';

const available: Capability = { available: true, reason: null };

/** Examines the engine for what sessions need of it. */
export class DockerPreflight {
  constructor(
    private readonly client: DockerClient,
    private readonly quota: StorageQuota,
    private readonly builds: Pick<ImageBuilds, 'isOn' | 'prove'>,
  ) {}

  /** @throws AppError when the engine cannot be asked. */
  async run(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const [version, facilities, storageQuota, registries, builds] = await Promise.all([
      this.client.version(signal),
      this.client.facilities(signal),
      this.quota.prove(),
      this.registries(),
      this.proveBuilds(signal),
    ]);
    return engineFindings({ version, facilities, storageQuota, registries, builds });
  }

  private async registries(): Promise<EngineFacts['registries']> {
    try {
      return (await this.client.pulls.registries()) ?? null;
    } catch (error) {
      return { fault: toAppError(error).message };
    }
  }

  private async proveBuilds(signal: AbortSignal): Promise<EngineFacts['builds']> {
    if (!this.builds.isOn) return null;
    return this.builds.prove(signal).then(
      () => available,
      (error: unknown) => ({ available: false, reason: toAppError(error).message }),
    );
  }
}
