import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ApplyHistory } from './apply-history.js';
import { ApplyRestorer } from './apply-restorer.js';

const second = 1000;

/** Has the applies taken back that were cut off, and removes old ones. */
@Injectable()
export class ApplyUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ApplyUpkeep.name);
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly restorer: ApplyRestorer,
    history: ApplyHistory,
    private readonly database: Database,
  ) {
    this.loops = [
      this.loop('take applies back that were cut off', 2 * second, () => restorer.restoreOverdue()),
      this.loop('remove old applies', 600 * second, () => history.prune()),
    ];
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loops.forEach((loop) => loop.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.restorer.settle();
  }

  private loop(purpose: string, intervalMilliseconds: number, pass: () => Promise<boolean>): BackgroundLoop {
    return new BackgroundLoop({
      pass,
      intervalMilliseconds,
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: 10 * second },
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
