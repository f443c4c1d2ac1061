import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { DeadlineEntity } from '../deadlines/deadline.entity.js';
import type { Look } from './next-verification.js';
import { ReceiptEntity } from './receipt.entity.js';

/** What the provisioner says about the end of a session. */
export type EndedSession = Pick<ReceiptEntity, 'sessionId' | 'ownerId' | 'target' | 'reason' | 'endedAt' | 'removed'>;

const keptDays = 90;

/** The receipts of sessions that have ended. */
@Injectable()
export class ReceiptStore {
  find(manager: EntityManager, sessionId: string): Promise<ReceiptEntity | null> {
    return manager.findOneBy(ReceiptEntity, { sessionId });
  }

  /** Turns sessions from alive to ended. The first news of an end counts; a receipt is due for verification at once. */
  async record(manager: EntityManager, ended: readonly EndedSession[]): Promise<void> {
    if (ended.length === 0) return;
    await manager
      .createQueryBuilder()
      .insert()
      .into(ReceiptEntity)
      .values(ended.map((session) => ({ ...session, clean: false, attempts: 0, nextVerificationAt: () => 'now()' })))
      .orIgnore()
      .updateEntity(false)
      .execute();
    await manager.delete(DeadlineEntity, { sessionId: In(ended.map(({ sessionId }) => sessionId)) });
  }

  /** Keeps what was seen, null when nobody could look. Without another look to come the receipt is clean and final. */
  async noteLook(
    manager: EntityManager,
    sessionId: string,
    look: Look | null,
    againInMilliseconds: number | null,
  ): Promise<void> {
    await manager.query(
      `UPDATE receipts SET
         verified_at = coalesce($2, verified_at),
         "left" = coalesce($3, "left"),
         clean = $4::integer IS NULL,
         attempts = attempts + 1,
         next_verification_at = clock_timestamp() + $4::integer * interval '1 millisecond'
       WHERE session_id = $1`,
      [sessionId, look?.at ?? null, look ? JSON.stringify(look.left) : null, againInMilliseconds],
    );
  }

  /** Ended sessions of which the monitor still saw something at its last look. */
  async countLeaks(manager: EntityManager): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `SELECT count(*)::integer AS count FROM receipts WHERE NOT clean AND jsonb_array_length("left") > 0`,
    );
    return rows[0]?.count ?? 0;
  }

  async prune(manager: EntityManager): Promise<void> {
    await manager.query(`DELETE FROM receipts WHERE ended_at < clock_timestamp() - interval '${keptDays} days'`);
  }
}
