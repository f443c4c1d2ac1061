import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CheckStore } from './check.store.js';

const second = 1000;

/** Ends the attempts at checks whose executor died, and removes old ones. */
@Injectable()
export class CheckUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CheckUpkeep.name);
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    store: CheckStore,
    private readonly database: Database,
  ) {
    this.loops = [
      this.loop('end abandoned checks', 5 * second, () => store.giveUpAbandoned()),
      this.loop('remove old checks', 600 * second, () => store.prune()),
    ];
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loops.forEach((loop) => loop.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private loop(purpose: string, intervalMilliseconds: number, pass: () => Promise<boolean>): BackgroundLoop {
    return new BackgroundLoop({
      pass,
      intervalMilliseconds,
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: 60 * second },
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
