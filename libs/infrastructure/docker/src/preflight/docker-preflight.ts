import type { PreflightFinding } from '@nalabo/contracts';
import type { DockerClient } from '../engine/docker.client.js';
import type { StorageQuota } from '../session/storage-quota.js';
import { engineFindings } from './engine-findings.js';

/** Examines the engine for what sessions need of it. */
export class DockerPreflight {
  constructor(
    private readonly client: DockerClient,
    private readonly quota: StorageQuota,
  ) {}

  /** @throws AppError when the engine cannot be asked. */
  async run(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const [version, facilities, storageQuota] = await Promise.all([
      this.client.version(signal),
      this.client.facilities(signal),
      this.quota.prove(),
    ]);
    return engineFindings({ version, facilities, storageQuota });
  }
}
