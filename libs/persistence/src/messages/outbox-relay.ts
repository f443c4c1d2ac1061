import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Envelope } from '@nalabo/contracts';
import { FactPublisher } from '@nalabo/messaging';
import type { EntityManager } from 'typeorm';
import { BackgroundLoop } from '../background-loop.js';
import { Database } from '../connection/database.js';
import { Transaction } from '../connection/transaction.js';
import { Outbox } from './outbox.js';

const batchSize = 50;
const backoff = { firstMilliseconds: 500, factor: 2, maximumMilliseconds: 5000 };

/**
 * Of each session only the first waiting row is taken, and a row that another relay holds still counts as waiting: so
 * any number of relays keeps the order of every session.
 */
const claimHeads = `
  SELECT position, subject, envelope FROM outbox AS head
  WHERE published_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.session_id = head.session_id AND earlier.position < head.position AND earlier.published_at IS NULL)
  ORDER BY position LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`;

interface WaitingFact {
  readonly position: string;
  readonly subject: string;
  readonly envelope: Envelope;
}

/** Publishes committed facts. A crash before the commit of the mark publishes a fact again, under the same message id. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    @Inject(FactPublisher) private readonly publisher: Pick<FactPublisher, 'publish'>,
    outbox: Outbox,
  ) {
    this.loop = new BackgroundLoop({
      pass: () => this.relayHeads(),
      intervalMilliseconds: 1000,
      backoff,
      onFailure: (error, failures) => this.noteFailure(error, failures),
    });
    outbox.onAdded(() => this.loop.wake());
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loop.start());
  }

  /** What cannot be published now stays in the table for the next start or another replica. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    try {
      while (await this.relayHeads());
    } catch (error) {
      this.noteFailure(error, 1);
    }
  }

  /** True when something was published, so that a session's next fact may have become its first. */
  private relayHeads(): Promise<boolean> {
    return this.transaction.run(async (manager) => {
      const facts: WaitingFact[] = await manager.query(claimHeads);
      const results = await Promise.allSettled(
        facts.map((fact) => this.publisher.publish(fact.subject, fact.envelope, fact.envelope.id)),
      );
      const published = facts.filter((_, index) => results[index]?.status === 'fulfilled');
      await markPublished(manager, published);
      const failure = results.find((result) => result.status === 'rejected');
      // A failure among successes is met again by the next pass; alone it makes the loop back off.
      if (failure && published.length === 0) throw failure.reason;
      return published.length > 0;
    });
  }

  private noteFailure(error: unknown, failures: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (failures === 1) this.logger.warn(`facts wait in the outbox: ${reason}`);
  }
}

async function markPublished(manager: EntityManager, facts: readonly WaitingFact[]): Promise<void> {
  if (facts.length === 0) return;
  const positions = facts.map((fact) => fact.position);
  await manager.query('UPDATE outbox SET published_at = now() WHERE position = ANY($1)', [positions]);
}
