import { Injectable } from '@nestjs/common';
import { AppError, retry } from '@nalabo/kernel';
import type { EntityManager } from 'typeorm';
import { Database } from './database.js';
import { isTransactionConflict, translatePgError } from './pg-errors.js';

const collisionRetry = { attempts: 3, firstMilliseconds: 10, factor: 4, maximumMilliseconds: 200 };

const actionsByManager = new WeakMap<EntityManager, (() => void)[]>();

@Injectable()
export class Transaction {
  constructor(private readonly database: Database) {}

  /**
   * Runs the work in one transaction: all of it is committed, or nothing. The work may run up to three times when
   * transactions collide, so it does nothing but database work; side effects belong into `afterCommit`.
   *
   * Throws what the work throws; errors of the database as `unavailable`, `timeout`, `conflict` or `internal`.
   */
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.untilNoCollision(() => this.attempt(work));
  }

  /**
   * Runs one statement, which is a transaction by itself: one round trip instead of three. Gives what
   * `EntityManager.query` gives. Throws like `run`.
   */
  async statement<Result>(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    return this.untilNoCollision(() => this.database.connected().query<Result>(sql, [...parameters]));
  }

  private async untilNoCollision<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await retry(attempt, { ...collisionRetry, isWorthRetrying: isTransactionConflict });
    } catch (error) {
      throw translatePgError(error);
    }
  }

  private async attempt<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const actions: (() => void)[] = [];
    const result = await this.database.connected().transaction((manager) => {
      actionsByManager.set(manager, actions);
      return work(manager);
    });
    for (const action of actions) action();
    return result;
  }
}

/** Runs the action once the transaction of this manager is committed, never when it is rolled back. */
export function afterCommit(manager: EntityManager, action: () => void): void {
  const actions = actionsByManager.get(manager);
  if (!actions) throw new AppError('internal', 'afterCommit needs the manager that Transaction.run gave');
  actions.push(action);
}
