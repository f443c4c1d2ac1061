import { databaseNow, Transaction } from '@nalabo/persistence';
import { AppError } from '@nalabo/kernel';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SessionEntity } from './session.entity.js';

export interface SessionWithNow {
  readonly row: SessionEntity;
  readonly now: Date;
}

export interface SessionPage {
  readonly rows: readonly SessionEntity[];
  readonly nextCursor: string | null;
  readonly now: Date;
}

/** Reads and locks session rows. What is written, and why, is decided by the callers. */
@Injectable()
export class SessionStore {
  constructor(private readonly transaction: Transaction) {}

  find(sessionId: string): Promise<SessionWithNow | null> {
    return this.transaction.run(async (manager) => {
      const row = await manager.findOneBy(SessionEntity, { id: sessionId });
      return row ? { row, now: await databaseNow(manager) } : null;
    });
  }

  /** Runs `work` with the row locked. @throws AppError `not_found` when there is no such session. */
  change<T>(sessionId: string, work: (manager: EntityManager, session: SessionWithNow) => Promise<T>): Promise<T> {
    return this.transaction.run(async (manager) => {
      const row = await manager.findOne(SessionEntity, {
        where: { id: sessionId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw sessionNotFound(sessionId);
      return work(manager, { row, now: await databaseNow(manager) });
    });
  }

  /** Newest first. The cursor is the last row's creation time and id. */
  page(selection: {
    ownerId: string | null;
    state: string | null;
    cursor: string | null;
    limit: number;
  }): Promise<SessionPage> {
    return this.transaction.run(async (manager) => {
      const query = manager
        .createQueryBuilder(SessionEntity, 's')
        .orderBy('s.created_at', 'DESC')
        .addOrderBy('s.id', 'DESC');
      if (selection.ownerId !== null) query.andWhere('s.owner_id = :ownerId', { ownerId: selection.ownerId });
      if (selection.state === 'FAILED') query.andWhere("s.state = 'TERMINATED' and s.reason = 'failed'");
      else if (selection.state !== null) {
        query.andWhere("s.state = :state and not (s.state = 'TERMINATED' and s.reason = 'failed')", {
          state: selection.state,
        });
      }
      const after = parseCursor(selection.cursor);
      if (after) query.andWhere('(s.created_at, s.id) < (:at, :id)', after);
      const rows = await query.limit(selection.limit + 1).getMany();
      return { ...cut(rows, selection.limit), now: await databaseNow(manager) };
    });
  }

  /** Every session that is alive or ended during the last day, by id. */
  deadlines(cursor: string | null, limit: number): Promise<SessionPage> {
    return this.transaction.run(async (manager) => {
      const rows = await manager
        .createQueryBuilder(SessionEntity, 's')
        .where("(s.state <> 'TERMINATED' or s.terminated_at > now() - interval '1 day') and s.id > :cursor", {
          cursor: cursor ?? '',
        })
        .orderBy('s.id', 'ASC')
        .limit(limit + 1)
        .getMany();
      const { rows: kept, nextCursor } = cut(rows, limit);
      return {
        rows: kept,
        nextCursor: nextCursor === null ? null : (kept.at(-1)?.id ?? null),
        now: await databaseNow(manager),
      };
    });
  }
}

/** A foreign and a missing session are the same error, so that ids can't be probed. */
export function sessionNotFound(sessionId: string): AppError {
  return new AppError('not_found', `session ${sessionId} does not exist`);
}

function cut(rows: SessionEntity[], limit: number): { rows: SessionEntity[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { rows: kept, nextCursor: more ? `${last.createdAt.toISOString()}_${last.id}` : null };
}

function parseCursor(cursor: string | null): { at: string; id: string } | null {
  if (cursor === null) return null;
  const match = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([a-z2-7]{26})$/.exec(cursor);
  if (match?.[1] === undefined || match[2] === undefined || Number.isNaN(Date.parse(match[1]))) {
    throw new AppError('invalid_input', 'the cursor was not made by this list', { details: { field: 'cursor' } });
  }
  return { at: match[1], id: match[2] };
}
