import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundLoop } from '../background-loop.js';
import { Database } from '../connection/database.js';
import { Transaction } from '../connection/transaction.js';

const minute = 60_000;
const batchSize = 1000;

const deletions = [
  prune('outbox', 'position', "published_at < now() - interval '1 hour'"),
  // Longer than any message can still be delivered again.
  prune('inbox', 'message_id', "handled_at < now() - interval '14 days'"),
];

/** Removes what outbox and inbox no longer need, in batches that hold no lock for long. */
@Injectable()
export class MessagePruning implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MessagePruning.name);
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
  ) {
    this.loop = new BackgroundLoop({
      pass: () => this.pruneBatch(),
      intervalMilliseconds: 10 * minute,
      backoff: { firstMilliseconds: minute, factor: 2, maximumMilliseconds: 10 * minute },
      onFailure: (error) => this.logger.warn(`cannot prune messages: ${String(error)}`),
    });
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loop.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async pruneBatch(): Promise<boolean> {
    const counts = await this.transaction.run(async (manager) => {
      const deleted: number[] = [];
      for (const deletion of deletions) {
        const [, count]: [unknown, number] = await manager.query(deletion);
        deleted.push(count);
      }
      return deleted;
    });
    return counts.some((count) => count === batchSize);
  }
}

function prune(table: string, key: string, condition: string): string {
  return `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${batchSize})`;
}
