import { factSubject, type PayloadOf, type SessionFact } from '@nalabo/contracts';
import { systemClock } from '@nalabo/kernel';
import { makeEnvelope, type MessageContext } from '@nalabo/messaging';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../connection/transaction.js';

export interface FactContext extends MessageContext {
  readonly sessionId: string;
}

/** A fact as the outbox keeps it: the columns of its row, in this order. */
export interface OutboxRow {
  readonly sessionId: string;
  readonly subject: string;
  /** JSON. */
  readonly envelope: string;
}

const gatheringMilliseconds = 200;
const insertSql = 'INSERT INTO outbox (session_id, subject, envelope) VALUES ($1, $2, $3)';

/** Facts are written with the state they tell of, in one transaction, and published afterwards by the relay. */
@Injectable()
export class Outbox {
  private announce: (withinMilliseconds: number) => void = () => undefined;

  /**
   * Facts of one session are published in the order in which they were added, provided that their transactions hold a
   * lock on the session's row.
   */
  async add<Fact extends SessionFact>(
    manager: EntityManager,
    fact: Fact,
    payload: PayloadOf<Fact>,
    context: FactContext,
  ): Promise<void> {
    const { sessionId, subject, envelope } = this.prepare(fact, payload, context);
    await manager.query(insertSql, [sessionId, subject, envelope]);
    afterCommit(manager, () => this.announce(0));
  }

  /** For a statement that writes the row itself, together with the state; `added` is to be called after its commit. */
  prepare<Fact extends SessionFact>(fact: Fact, payload: PayloadOf<Fact>, context: FactContext): OutboxRow {
    const envelope = makeEnvelope(fact, fact.payload.parse(payload), context, systemClock);
    const { sessionId } = context;
    return { sessionId, subject: factSubject(fact, sessionId), envelope: JSON.stringify(envelope) };
  }

  /**
   * Tells the relay of a row that was committed without `add`. Statements of their own write what comes often: it is
   * published together a moment later, and so stays out of the way of whoever waits for the next answer.
   */
  added(): void {
    this.announce(gatheringMilliseconds);
  }

  /** Calls the listener after each commit that brought a fact, with the time within which it is to be published. */
  onAdded(listener: (withinMilliseconds: number) => void): void {
    this.announce = listener;
  }
}
