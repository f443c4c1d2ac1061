import { Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PeriodicTasks } from '../upkeep/periodic-tasks.js';
import { TerminalHost } from './terminal-host.js';
import { TerminalStore } from './terminal.store.js';

const second = 1000;
const minute = 60 * second;

/** Keeps the leases of the terminals that live here, ends the idle ones and those of executors that died. */
@Injectable()
export class TerminalUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly tasks: PeriodicTasks;

  constructor(host: TerminalHost, store: TerminalStore, database: Database) {
    this.tasks = new PeriodicTasks(database, new Logger('Terminals'), [
      { purpose: 'look after terminals', intervalMilliseconds: second, pass: async () => host.tidy() },
      { purpose: 'renew the lease of terminals', intervalMilliseconds: 5 * second, pass: () => host.renewLeases() },
      { purpose: 'end abandoned terminals', intervalMilliseconds: 5 * second, pass: () => store.abandonOverdue() },
      { purpose: 'remove old terminals', intervalMilliseconds: 10 * minute, pass: () => store.prune() },
    ]);
  }

  onApplicationBootstrap(): void {
    this.tasks.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tasks.stop();
  }
}
