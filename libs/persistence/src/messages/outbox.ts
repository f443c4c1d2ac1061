import { factSubject, type PayloadOf, type SessionFact } from '@nalabo/contracts';
import { systemClock } from '@nalabo/kernel';
import { makeEnvelope, type MessageContext } from '@nalabo/messaging';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../connection/transaction.js';

export interface FactContext extends MessageContext {
  readonly sessionId: string;
}

/** Facts are written with the state they tell of, in one transaction, and published afterwards by the relay. */
@Injectable()
export class Outbox {
  private announce: () => void = () => undefined;

  /**
   * Facts of one session are published in the order in which they were added, provided that their transactions hold a
   * lock on the session's row. Gives the id of the message.
   */
  async add<Fact extends SessionFact>(
    manager: EntityManager,
    fact: Fact,
    payload: PayloadOf<Fact>,
    context: FactContext,
  ): Promise<string> {
    const envelope = makeEnvelope(fact, fact.payload.parse(payload), context, systemClock);
    const subject = factSubject(fact, context.sessionId);
    await manager.query('INSERT INTO outbox (session_id, subject, envelope) VALUES ($1, $2, $3)', [
      context.sessionId,
      subject,
      JSON.stringify(envelope),
    ]);
    afterCommit(manager, () => this.announce());
    return envelope.id;
  }

  /** Calls the listener after each commit that brought a fact. */
  onAdded(listener: () => void): void {
    this.announce = listener;
  }
}
