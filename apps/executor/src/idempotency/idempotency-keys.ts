import type { Idempotency } from '@nalabo/contracts';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { otherRequest } from './other-request.js';

const findSql = `
  SELECT execution_id AS id, digest FROM execution_keys
  WHERE owner_id = $1 AND route = $2 AND key = $3 AND used_at > clock_timestamp() - interval '24 hours'`;

const keepSql = `
  INSERT INTO execution_keys (owner_id, route, key, digest, execution_id) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (owner_id, route, key)
  DO UPDATE SET digest = $4, execution_id = $5, used_at = clock_timestamp()`;

/** A key counts for one caller and one route. */
export interface KeyUse {
  readonly ownerId: string;
  /** What is asked for and where, for example `execute <session>`. */
  readonly route: string;
  readonly idempotency: Idempotency;
}

interface EarlierRequest {
  readonly id: string;
  readonly digest: string;
}

/** What was started under an idempotency key, for 24 hours: an execution or an apply, by its id. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly transaction: Transaction) {}

  /** @throws AppError `unprocessable` when the key was used for another request. */
  async find({ ownerId, route, idempotency }: KeyUse): Promise<string | null> {
    const [earlier] = await this.transaction.statement<EarlierRequest[]>(findSql, [ownerId, route, idempotency.key]);
    return idOf(earlier, idempotency);
  }

  /**
   * Keeps the key for `id`, in the transaction that commits what `id` stands for. Requests of the same owner must wait for
   * each other there. Null, or what the key was used for a moment ago. @throws AppError as `find`.
   */
  async claim(manager: EntityManager, { ownerId, route, idempotency }: KeyUse, id: string): Promise<string | null> {
    const { key, digest } = idempotency;
    const [earlier] = await manager.query<EarlierRequest[]>(findSql, [ownerId, route, key]);
    const earlierId = idOf(earlier, idempotency);
    if (earlierId === null) await manager.query(keepSql, [ownerId, route, key, digest, id]);
    return earlierId;
  }
}

function idOf(earlier: EarlierRequest | undefined, { digest }: Idempotency): string | null {
  if (!earlier) return null;
  if (earlier.digest !== digest) throw otherRequest();
  return earlier.id;
}
