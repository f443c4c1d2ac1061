import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { DeadlineEntity } from './deadline.entity.js';
import { mergeDeadline, type Deadline } from './merge-deadline.js';

/** A page can be older than a receipt, and a session that has ended must not come back to life. */
const insertSql = `
  INSERT INTO deadlines (session_id, owner_id, target, state, expires_at, expiry_version, next_attempt_at)
  SELECT $1, $2, $3, $4, $5, $6, $7
  WHERE NOT EXISTS (SELECT FROM receipts WHERE session_id = $1)
  ON CONFLICT (session_id) DO NOTHING`;

/** The deadlines of sessions that are alive. Every comparison with the present is made by the database's clock. */
@Injectable()
export class DeadlineStore {
  find(manager: EntityManager, sessionId: string): Promise<DeadlineEntity | null> {
    return manager.findOneBy(DeadlineEntity, { sessionId });
  }

  /** Keeps what is new in the news. */
  async learn(manager: EntityManager, news: readonly Deadline[]): Promise<void> {
    const rows = await manager.find(DeadlineEntity, {
      where: { sessionId: In(news.map(({ sessionId }) => sessionId)) },
      // One order for all replicas, so that two that learn the same page wait for each other instead of deadlocking.
      order: { sessionId: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const known = new Map(rows.map((row) => [row.sessionId, row]));
    for (const item of news) {
      const row = known.get(item.sessionId);
      const merged = mergeDeadline(row, item);
      if (merged) await (row ? update(manager, row, merged) : insert(manager, merged));
    }
  }

  /** False when the session is unknown, so that nothing was kept. */
  async extend(
    manager: EntityManager,
    sessionId: string,
    expiry: Pick<Deadline, 'expiresAt' | 'expiryVersion'>,
  ): Promise<boolean> {
    const known = await this.find(manager, sessionId);
    if (known) await this.learn(manager, [{ ...known, ...expiry }]);
    return known !== null;
  }

  /** Nothing more to do at this expiry: the provisioner has taken over. */
  async markEnding(manager: EntityManager, { sessionId, expiryVersion }: Deadline): Promise<void> {
    await manager.update(
      DeadlineEntity,
      { sessionId, expiryVersion },
      { state: 'TERMINATING', attempts: 0, nextAttemptAt: null },
    );
  }

  /** Tries again later, unless the session was extended or is being ended meanwhile. */
  async postpone(manager: EntityManager, deadline: Deadline, milliseconds: number): Promise<void> {
    await manager.query(
      `UPDATE deadlines
       SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE session_id = $1 AND expiry_version = $2 AND next_attempt_at IS NOT NULL`,
      [deadline.sessionId, deadline.expiryVersion, milliseconds],
    );
  }

  /**
   * Drops rows that a complete read did not show. The read shows every session that is alive or ended during the last day, so
   * a row is dropped only when its expiry is older than that: a young row may have been added while the pages were read.
   */
  async forgetExcept(manager: EntityManager, sessionIds: readonly string[]): Promise<void> {
    await manager.query(
      `DELETE FROM deadlines WHERE expires_at < clock_timestamp() - interval '1 day' AND session_id <> ALL ($1)`,
      [sessionIds],
    );
  }
}

async function insert(manager: EntityManager, deadline: Deadline): Promise<void> {
  const { sessionId, ownerId, target, state, expiresAt, expiryVersion } = deadline;
  const nextAttemptAt = firstAttemptAt(deadline);
  await manager.query(insertSql, [sessionId, ownerId, target, state, expiresAt, expiryVersion, nextAttemptAt]);
}

async function update(manager: EntityManager, row: DeadlineEntity, merged: Deadline): Promise<void> {
  const { sessionId, state, expiresAt, expiryVersion } = merged;
  const isMoved = expiryVersion !== row.expiryVersion || state === 'TERMINATING';
  const schedule = isMoved ? { attempts: 0, nextAttemptAt: firstAttemptAt(merged) } : {};
  await manager.update(DeadlineEntity, { sessionId }, { state, expiresAt, expiryVersion, ...schedule });
}

function firstAttemptAt({ state, expiresAt }: Deadline): Date | null {
  return state === 'TERMINATING' ? null : expiresAt;
}
