import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, type Database } from '@nalabo/persistence';
import type { Logger } from '@nestjs/common';

export interface PeriodicTask {
  /** What it does, as the log says when it cannot. */
  readonly purpose: string;
  readonly intervalMilliseconds: number;
  /** One pass. True when there is more to do at once. */
  readonly pass: () => Promise<boolean | void>;
}

/** Leases are short: after an outage of the database the next attempt must come before they end. */
const backoff = { firstMilliseconds: 1000, factor: 2, maximumMilliseconds: 5000 };

/** What is done again and again from the moment at which the database is open, each task independently of the others. */
export class PeriodicTasks {
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    tasks: readonly PeriodicTask[],
  ) {
    this.loops = tasks.map((task) => this.loopOf(task));
  }

  start(): void {
    void this.database.whenOpen().then(() => this.loops.forEach((loop) => loop.start()));
  }

  /** Settles when the passes under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private loopOf({ purpose, intervalMilliseconds, pass }: PeriodicTask): BackgroundLoop {
    return new BackgroundLoop({
      pass: async () => (await pass()) ?? false,
      intervalMilliseconds,
      backoff,
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
