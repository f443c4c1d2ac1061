import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database, Transaction } from '@nalabo/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

const hour = 3_600_000;

const statements: readonly string[] = [
  `delete from idempotency_keys where created_at < now() - interval '1 day'`,
  `delete from session_events where at < now() - interval '90 days'
      and not exists (select from sessions where id = session_id and state <> 'TERMINATED')`,
  `delete from sessions where state = 'TERMINATED' and terminated_at < now() - interval '90 days'`,
];

/** Forgets what has been kept long enough. It exists because nothing else ever shrinks these tables. */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly loop = new BackgroundLoop({
    pass: () => this.prune(),
    intervalMilliseconds: hour,
    backoff: { firstMilliseconds: 5000, factor: 2, maximumMilliseconds: hour },
    onFailure: (error) => this.logger.debug(`old rows were not removed: ${toAppError(error).message}`),
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
    for (const statement of statements) await this.transaction.run((manager) => manager.query(statement));
    return false;
  }
}
