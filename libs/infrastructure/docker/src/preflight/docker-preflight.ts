import type { PreflightFinding } from '@nalabo/contracts';
import { toAppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import type { StorageQuota } from '../session/storage-quota.js';
import { type EngineFacts, engineFindings } from './engine-findings.js';

/** Examines the engine for what sessions need of it. */
export class DockerPreflight {
  constructor(
    private readonly client: DockerClient,
    private readonly quota: StorageQuota,
  ) {}

  /** @throws AppError when the engine cannot be asked. */
  async run(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const [version, facilities, storageQuota, registries] = await Promise.all([
      this.client.version(signal),
      this.client.facilities(signal),
      this.quota.prove(),
      this.registries(),
    ]);
    return engineFindings({ version, facilities, storageQuota, registries });
  }

  private async registries(): Promise<EngineFacts['registries']> {
    try {
      return (await this.client.pulls.registries()) ?? null;
    } catch (error) {
      return { fault: toAppError(error).message };
    }
  }
}
