import { Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PeriodicTasks } from '../upkeep/periodic-tasks.js';
import { ApplyHistory } from './apply-history.js';
import { ApplyRestorer } from './apply-restorer.js';

const second = 1000;
const minute = 60 * second;

/** Has the applies taken back that were cut off, and removes old ones. */
@Injectable()
export class ApplyUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly tasks: PeriodicTasks;

  constructor(
    private readonly restorer: ApplyRestorer,
    history: ApplyHistory,
    database: Database,
  ) {
    const restore = (): Promise<boolean> => restorer.restoreOverdue();
    this.tasks = new PeriodicTasks(database, new Logger(ApplyUpkeep.name), [
      { purpose: 'take applies back that were cut off', intervalMilliseconds: 2 * second, pass: restore },
      { purpose: 'remove old applies', intervalMilliseconds: 10 * minute, pass: () => history.prune() },
    ]);
  }

  onApplicationBootstrap(): void {
    this.tasks.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tasks.stop();
    await this.restorer.settle();
  }
}
