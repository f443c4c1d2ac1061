import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TerminalHost } from './terminal-host.js';
import { TerminalStore } from './terminal.store.js';

const second = 1000;
const minute = 60 * second;

/** Keeps the leases of the terminals that live here, ends the idle ones and those of executors that died. */
@Injectable()
export class TerminalUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Terminals');
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    host: TerminalHost,
    store: TerminalStore,
    private readonly database: Database,
  ) {
    const tidy = async (): Promise<boolean> => {
      host.tidy();
      return false;
    };
    const renew = async (): Promise<boolean> => {
      await host.renewLeases();
      return false;
    };
    this.loops = [
      this.loop('look after terminals', second, tidy),
      this.loop('renew the lease of terminals', 5 * second, renew),
      this.loop('end abandoned terminals', 5 * second, () => store.abandonOverdue()),
      this.loop('remove old terminals', 10 * minute, () => store.prune()),
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
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: 5 * second },
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
