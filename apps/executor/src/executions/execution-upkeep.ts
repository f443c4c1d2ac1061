import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { longestShutdownMilliseconds } from '../command/limits.js';
import { LiveExecutions } from '../live/live-executions.js';
import { ExecutionSweep } from './execution-sweep.js';
import { ProcessLease } from './process-lease.js';

const second = 1000;
const minute = 60 * second;

/**
 * Renews the lease of running commands, ends the commands of executors that died, and removes old rows. It goes on until
 * the last moment of a shutdown, because commands may still be running then.
 */
@Injectable()
export class ExecutionUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ExecutionUpkeep.name);
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    lease: ProcessLease,
    sweep: ExecutionSweep,
    private readonly database: Database,
    private readonly lives: LiveExecutions,
  ) {
    const renew = async (): Promise<boolean> => {
      await lease.renew();
      return false;
    };
    this.loops = [
      this.loop('renew the lease of running commands', 5 * second, renew),
      this.loop('end abandoned commands', 5 * second, () => sweep.giveUpAbandoned()),
      this.loop('remove old executions', 10 * minute, () => sweep.prune()),
    ];
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loops.forEach((loop) => loop.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.lives.settle(longestShutdownMilliseconds);
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private loop(purpose: string, intervalMilliseconds: number, pass: () => Promise<boolean>): BackgroundLoop {
    return new BackgroundLoop({
      pass,
      intervalMilliseconds,
      // A lease is short: after an outage the next attempt must come before it ends.
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: 5 * second },
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
