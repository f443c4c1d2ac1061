import type { CreateKey, KeyView, Role } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';

export interface StoredKey {
  readonly id: string;
  readonly ownerId: string;
  readonly role: Role;
  readonly hash: Buffer;
  readonly isRevoked: boolean;
  /** Whether the noted last use is more than a minute ago, so that noting a new one is worth a write. */
  readonly isUseOutdated: boolean;
}

export interface NewKey extends CreateKey {
  readonly id: string;
  readonly hash: Buffer;
}

export interface KeyPage {
  readonly items: KeyView[];
  readonly nextCursor: string | null;
}

interface KeyRow extends Omit<KeyView, 'createdAt' | 'lastUsedAt' | 'revokedAt'> {
  readonly position: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const isUseOutdated = `coalesce(last_used_at < now() - interval '1 minute', true)`;
const storedColumns = `id, owner_id AS "ownerId", role, hash, revoked_at IS NOT NULL AS "isRevoked",
  ${isUseOutdated} AS "isUseOutdated"`;
const viewColumns = `id, position, owner_id AS "ownerId", role, description, created_at AS "createdAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;
const insertion = 'INSERT INTO api_keys (id, owner_id, role, description, hash) VALUES ($1, $2, $3, $4, $5)';

/** The keys, without what would let anybody use one. */
@Injectable()
export class ApiKeyStore {
  constructor(private readonly transaction: Transaction) {}

  async find(id: string): Promise<StoredKey | undefined> {
    const [key] = await this.query<StoredKey>(`SELECT ${storedColumns} FROM api_keys WHERE id = $1`, [id]);
    return key;
  }

  async add(key: NewKey): Promise<KeyView> {
    const [row] = await this.query<KeyRow>(`${insertion} RETURNING ${viewColumns}`, parametersOf(key));
    if (!row) throw new AppError('internal', `key ${key.id} was not stored`);
    return toView(row);
  }

  /** Makes the key valid unless it was revoked. The hash is renewed, because the pepper may have changed. */
  async ensure(key: NewKey): Promise<StoredKey | undefined> {
    const [stored] = await this.query<StoredKey>(
      `${insertion} ON CONFLICT (id) DO UPDATE
         SET hash = CASE WHEN api_keys.revoked_at IS NULL THEN excluded.hash ELSE api_keys.hash END
       RETURNING ${storedColumns.replaceAll('last_used_at', 'api_keys.last_used_at')}`,
      parametersOf(key),
    );
    return stored;
  }

  async noteUse(id: string): Promise<void> {
    await this.transaction.run((manager) =>
      manager.query(`UPDATE api_keys SET last_used_at = now() WHERE id = $1 AND ${isUseOutdated}`, [id]),
    );
  }

  /** Newest first. */
  async list(cursor: string | null, limit: number): Promise<KeyPage> {
    const rows = await this.query<KeyRow>(
      `SELECT ${viewColumns} FROM api_keys WHERE $1::bigint IS NULL OR position < $1::bigint
       ORDER BY position DESC LIMIT $2`,
      [cursor, limit + 1],
    );
    const shown = rows.slice(0, limit);
    return { items: shown.map(toView), nextCursor: rows.length > limit ? (shown.at(-1)?.position ?? null) : null };
  }

  /** False when there is no such key. Revoking twice keeps the first time. */
  async revoke(id: string): Promise<boolean> {
    const [, count]: [unknown, number] = await this.transaction.run((manager) =>
      manager.query('UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1', [id]),
    );
    return count === 1;
  }

  private query<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.transaction.run((manager) => manager.query<Row[]>(sql, parameters));
  }
}

function parametersOf(key: NewKey): unknown[] {
  return [key.id, key.ownerId, key.role, key.description ?? null, key.hash];
}

function toView(row: KeyRow): KeyView {
  const { id, ownerId, role, description } = row;
  return {
    id,
    ownerId,
    role,
    description,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
