import type { Capability } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import type { DockerClient } from '../engine/docker.client.js';
import { instanceLabels } from './docker-labels.js';

/** Whether this engine holds a volume to a size. Found out by trying, once per process. */
export class StorageQuota {
  private verdict: Promise<Capability> | undefined;

  constructor(
    private readonly client: DockerClient,
    private readonly instance: string,
  ) {}

  /** @throws AppError when the engine could not be asked; the next call tries again. */
  async prove(): Promise<Capability> {
    this.verdict ??= this.tryOut();
    try {
      return await this.verdict;
    } catch (error) {
      this.verdict = undefined;
      throw error;
    }
  }

  private async tryOut(): Promise<Capability> {
    const name = `nalabo-quota-probe-${this.instance}`;
    const options = {
      Name: name,
      Driver: 'local',
      DriverOpts: { size: '16777216' },
      Labels: instanceLabels(this.instance),
    };
    try {
      // A probe that an earlier process left behind would make the create succeed without trying.
      await this.removeProbe(name);
      await this.client.createVolume(options);
      return { available: true, reason: null };
    } catch (error) {
      return { available: false, reason: refusalOf(error) };
    } finally {
      await this.removeProbe(name);
    }
  }

  private async removeProbe(name: string): Promise<void> {
    try {
      await this.client.removeVolume(name);
    } catch (error) {
      // Absent is what was wanted; a read-only client never made one; a conflict means that another process removes it.
      const harmless: readonly string[] = ['not_found', 'forbidden', 'conflict'];
      if (!(error instanceof AppError && harmless.includes(error.kind))) throw error;
    }
  }
}

function refusalOf(error: unknown): string {
  if (!(error instanceof AppError)) throw error;
  if (error.kind === 'forbidden') return 'a read-only client cannot try it out';
  if (error.kind === 'unprocessable' || error.kind === 'internal') {
    return 'the engine keeps volumes on a file system without project quotas';
  }
  throw error;
}
