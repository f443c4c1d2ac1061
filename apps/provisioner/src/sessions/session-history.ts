import type { Actor, SessionFact } from '@nalabo/contracts';
import { afterCommit, Outbox } from '@nalabo/persistence';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { SessionEventEntity } from './session-event.entity.js';
import type { SessionEntity } from './session.entity.js';

/** One thing that happened to a session, ready to be recorded. */
export interface Happening<Payload extends z.ZodType = z.ZodType> {
  readonly fact: SessionFact<Payload>;
  readonly payload: z.output<Payload>;
}

export function happening<Payload extends z.ZodType>(
  fact: SessionFact<Payload>,
  payload: z.output<Payload>,
): Happening<Payload> {
  return { fact, payload };
}

/** Who is behind something that happened, and the messages that led to it. */
export interface Origin {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string | null;
}

export interface Occasion {
  readonly at: Date;
  readonly origin: Origin;
}

/** The platform's own loops act for a session, on behalf of the request that created it. */
export function platformOrigin(row: SessionEntity): Origin {
  const actor: Actor = { keyId: 'provisioner', ownerId: row.ownerId, role: 'admin' };
  return { actor, correlationId: row.correlationId, causationId: null };
}

/** Writes what happened into the session's history and the outbox, in the transaction that changes the session. */
@Injectable()
export class SessionHistory {
  private readonly logger = new Logger('Session');

  constructor(private readonly outbox: Outbox) {}

  /** `row.lastSequence` is advanced here; the caller saves the row in the same transaction. */
  async record(
    manager: EntityManager,
    row: SessionEntity,
    happenings: readonly Happening[],
    { at, origin }: Occasion,
  ): Promise<void> {
    for (const { fact, payload } of happenings) {
      row.lastSequence += 1;
      await manager.insert(SessionEventEntity, {
        sessionId: row.id,
        sequence: row.lastSequence,
        type: fact.type,
        data: payload as object,
        at,
      });
      await this.outbox.add(manager, fact, payload, { sessionId: row.id, ...origin });
      afterCommit(manager, () => this.logger.log(`${row.id} ${fact.fact} ${JSON.stringify(summaryOf(payload))}`));
    }
  }
}

/** What an operator wants to see of a fact in one line: its plain values, without its lists and without names of people. */
function summaryOf(payload: unknown): object {
  const isShown = ([name, value]: [string, unknown]): boolean => typeof value !== 'object' && name !== 'ownerId';
  return Object.fromEntries(Object.entries(payload as object).filter(isShown));
}
