import { facts, type Actor, type EndReason, type SessionView } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { extend, mayAct, type SessionAction } from '@nalabo/session';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ReconcileLoop } from '../reconcile/reconcile-loop.js';
import { happening, SessionHistory, type Origin } from './session-history.js';
import { toSessionView } from './session-view.js';
import { SessionEntity } from './session.entity.js';
import { sessionNotFound, SessionStore, type SessionWithNow } from './session.store.js';

/** Changes what is wanted of a session. It never touches what the reconciler writes, and wakes it instead. */
@Injectable()
export class SessionIntent {
  constructor(
    private readonly store: SessionStore,
    private readonly history: SessionHistory,
    private readonly loop: ReconcileLoop,
  ) {}

  /** Legal in every state; twice is success. */
  delete(sessionId: string, actor: Actor): Promise<SessionView> {
    return this.change(sessionId, async (manager, { row, now }) => {
      requireAccess(actor, 'end', row);
      if (row.desired === 'present' && row.state !== 'TERMINATED') {
        const reason = actor.ownerId === row.ownerId ? 'requested' : 'admin';
        await this.want(manager, row, { desired: 'absent', reason }, now);
      }
      return toSessionView(row, now);
    });
  }

  /** True when the session had expired in this version and is now on its way out, or already was. */
  end(sessionId: string, expiryVersion: number): Promise<boolean> {
    return this.change(sessionId, async (manager, { row, now }) => {
      if (row.state === 'TERMINATED' || row.desired === 'absent') return true;
      if (row.expiryVersion !== expiryVersion || row.expiresAt > now) return false;
      await this.want(manager, row, { desired: 'absent', reason: 'expired' }, now);
      return true;
    });
  }

  extend(sessionId: string, durationMinutes: number, origin: Origin): Promise<SessionView> {
    return this.change(sessionId, async (manager, { row, now }) => {
      requireAccess(origin.actor, 'change', row);
      if (row.desired === 'absent' || row.state === 'TERMINATED') throw ended(sessionId);
      const extension = extend(row, durationMinutes, now);
      if (extension.kind === 'expired') throw ended(sessionId);
      if (extension.kind === 'unchanged') {
        throw new AppError('unprocessable', 'the session would not live longer', { details: { field: 'duration' } });
      }
      const expiryVersion = row.expiryVersion + 1;
      const fact = { expiresAt: extension.expiresAt.toISOString(), expiryVersion };
      await this.history.record(manager, row, [happening(facts.sessionExtended, fact)], { at: now, origin });
      await this.want(manager, row, { expiresAt: extension.expiresAt, expiryVersion }, now);
      return toSessionView(row, now);
    });
  }

  private async change<T>(
    sessionId: string,
    work: (manager: EntityManager, session: SessionWithNow) => Promise<T>,
  ): Promise<T> {
    const result = await this.store.change(sessionId, work);
    this.loop.wake();
    return result;
  }

  private async want(
    manager: EntityManager,
    row: SessionEntity,
    intent: Partial<Pick<SessionEntity, 'desired' | 'expiresAt' | 'expiryVersion'>> & { reason?: EndReason },
    now: Date,
  ): Promise<void> {
    const changes = {
      ...intent,
      intentVersion: row.intentVersion + 1,
      nextLookAt: now,
      lastSequence: row.lastSequence,
    };
    await manager.update(SessionEntity, { id: row.id }, changes);
    Object.assign(row, changes);
  }
}

/** @throws AppError `not_found`, the same as for a missing session, or `forbidden` to somebody who may see it. */
export function requireAccess(actor: Actor, action: SessionAction, row: SessionEntity): void {
  if (mayAct(actor, action, row)) return;
  if (!mayAct(actor, 'read', row)) throw sessionNotFound(row.id);
  throw new AppError('forbidden', `the role ${actor.role} may not ${action} the session of another owner`);
}

function ended(sessionId: string): AppError {
  return new AppError('conflict', `session ${sessionId} has ended and cannot be extended`);
}
