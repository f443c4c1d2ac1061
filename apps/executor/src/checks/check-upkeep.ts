import { Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PeriodicTasks } from '../upkeep/periodic-tasks.js';
import { CheckStore } from './check.store.js';

const second = 1000;
const minute = 60 * second;

/** Ends the attempts at checks whose executor died, and removes old ones. */
@Injectable()
export class CheckUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly tasks: PeriodicTasks;

  constructor(store: CheckStore, database: Database) {
    this.tasks = new PeriodicTasks(database, new Logger(CheckUpkeep.name), [
      { purpose: 'end abandoned checks', intervalMilliseconds: 5 * second, pass: () => store.giveUpAbandoned() },
      { purpose: 'remove old checks', intervalMilliseconds: 10 * minute, pass: () => store.prune() },
    ]);
  }

  onApplicationBootstrap(): void {
    this.tasks.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tasks.stop();
  }
}
