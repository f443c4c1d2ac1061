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

const sessionsInPass = 50;
const factsInPass = 200;
const backoff = { firstMilliseconds: 500, factor: 2, maximumMilliseconds: 5000 };

/**
 * A relay claims sessions by their first waiting row, and with it all that wait behind it. A first row that another relay
 * holds still counts as waiting: so any number of relays keeps the order of every session.
 */
const claimSql = `
  WITH heads AS (
    SELECT session_id FROM outbox AS head
    WHERE published_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM outbox AS earlier
      WHERE earlier.session_id = head.session_id AND earlier.position < head.position AND earlier.published_at IS NULL)
    ORDER BY position LIMIT ${sessionsInPass} FOR UPDATE SKIP LOCKED)
  SELECT position, session_id AS "sessionId", subject, envelope FROM outbox JOIN heads USING (session_id)
  WHERE published_at IS NULL ORDER BY position LIMIT ${factsInPass}`;

/** Says too whether more has come meanwhile: its own relay may have found it behind a row that was claimed here. */
const markSql = `
  WITH marked AS (UPDATE outbox SET published_at = now() WHERE position = ANY($1::bigint[]))
  SELECT EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL AND position <> ALL($1::bigint[])) AS "isMoreWaiting"`;

interface WaitingFact {
  readonly position: string;
  readonly sessionId: string;
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
      pass: () => this.relayWaiting(),
      intervalMilliseconds: 1000,
      spacingMilliseconds: 20,
      backoff,
      onFailure: (error, failures) => this.noteFailure(error, failures),
    });
    outbox.onAdded((withinMilliseconds) => this.loop.wakeWithin(withinMilliseconds));
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loop.start());
  }

  /** What cannot be published now stays in the table for the next start or another replica. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    try {
      while (await this.relayWaiting());
    } catch (error) {
      this.noteFailure(error, 1);
    }
  }

  /** True when something was published and more is waiting. */
  private relayWaiting(): Promise<boolean> {
    return this.transaction.run(async (manager) => {
      const facts: WaitingFact[] = await manager.query(claimSql);
      const bySession = Map.groupBy(facts, ({ sessionId }) => sessionId);
      const failures: unknown[] = [];
      const publish = (ofSession: readonly WaitingFact[]): Promise<WaitingFact[]> =>
        this.publishInOrder(ofSession, (error) => failures.push(error));
      const published = (await Promise.all([...bySession.values()].map(publish))).flat();
      // A failure among successes is met again by the next pass; alone it makes the loop back off.
      if (failures.length > 0 && published.length === 0) throw failures[0];
      return published.length > 0 && (await markPublished(manager, published));
    });
  }

  /** Gives what was published: all, or what comes before the first failure. */
  private async publishInOrder(
    facts: readonly WaitingFact[],
    onFailure: (error: unknown) => void,
  ): Promise<WaitingFact[]> {
    const published: WaitingFact[] = [];
    try {
      for (const fact of facts) {
        await this.publisher.publish(fact.subject, fact.envelope, fact.envelope.id);
        published.push(fact);
      }
    } catch (error) {
      onFailure(error);
    }
    return published;
  }

  private noteFailure(error: unknown, failures: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (failures === 1) this.logger.warn(`facts wait in the outbox: ${reason}`);
  }
}

async function markPublished(manager: EntityManager, facts: readonly WaitingFact[]): Promise<boolean> {
  const [row]: { isMoreWaiting: boolean }[] = await manager.query(markSql, [facts.map(({ position }) => position)]);
  return row?.isMoreWaiting ?? false;
}
