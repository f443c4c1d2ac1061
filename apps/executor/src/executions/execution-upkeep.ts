import { Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { longestShutdownMilliseconds } from '../command/limits.js';
import { LiveExecutions } from '../live/live-executions.js';
import { PeriodicTasks } from '../upkeep/periodic-tasks.js';
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
  private readonly tasks: PeriodicTasks;

  constructor(
    lease: ProcessLease,
    sweep: ExecutionSweep,
    database: Database,
    private readonly lives: LiveExecutions,
  ) {
    this.tasks = new PeriodicTasks(database, new Logger(ExecutionUpkeep.name), [
      { purpose: 'renew the lease of running commands', intervalMilliseconds: 5 * second, pass: () => lease.renew() },
      { purpose: 'end abandoned commands', intervalMilliseconds: 5 * second, pass: () => sweep.giveUpAbandoned() },
      { purpose: 'remove old executions', intervalMilliseconds: 10 * minute, pass: () => sweep.prune() },
    ]);
  }

  onApplicationBootstrap(): void {
    this.tasks.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.lives.settle(longestShutdownMilliseconds);
    await this.tasks.stop();
  }
}
