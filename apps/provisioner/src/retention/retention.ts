import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database, Transaction } from '@nalabo/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const hour = 3_600_000;

const batchSize = 1000;

/** A bounded piece of work, so that a long backlog never runs into the time limit of a statement. */
function batch(table: string, condition: string): string {
  return `delete from ${table} where ctid in (select ctid from ${table} where ${condition} limit ${batchSize})`;
}

const statements: readonly string[] = [
  batch('idempotency_keys', `created_at < now() - interval '1 day'`),
  batch('session_events', `at < now() - interval '90 days'`),
  batch('sessions', `terminated_at < now() - interval '90 days'`),
];

/** Forgets what has been kept long enough. It exists because nothing else ever shrinks these tables. */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly loop = new BackgroundLoop({
    pass: () => this.prune(),
    intervalMilliseconds: hour,
    backoff: { firstMilliseconds: 5000, factor: 2, maximumMilliseconds: hour },
    onFailure: (error) => this.logger.warn(`old rows were not removed: ${toAppError(error).message}`),
  });

  constructor(
    private readonly transaction: Transaction,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loop.start());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  private async prune(): Promise<boolean> {
    let hasMore = false;
    for (const statement of statements) {
      const [, removed] = await this.transaction.run((manager) => manager.query<[unknown[], number]>(statement));
      hasMore ||= removed === batchSize;
    }
    return hasMore;
  }
}
