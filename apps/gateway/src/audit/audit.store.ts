import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import type { AuditEntry } from './audit-entry.js';

const pruneBatch = 1000;

const insertion = `
  INSERT INTO request_audit (id, at, key_id, owner_id, method, route, status, kind, correlation_id)
  SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[],
    $9::text[])
  ON CONFLICT (id) DO NOTHING`;

const pruning = `
  DELETE FROM request_audit WHERE id IN
    (SELECT id FROM request_audit WHERE at < now() - interval '90 days' LIMIT ${pruneBatch})`;

@Injectable()
export class AuditStore {
  constructor(private readonly transaction: Transaction) {}

  /** Harmless when some of the entries are stored already. */
  async add(entries: readonly AuditEntry[]): Promise<void> {
    const columns = [
      entries.map(({ id }) => id),
      entries.map(({ at }) => at),
      entries.map(({ keyId }) => keyId),
      entries.map(({ ownerId }) => ownerId),
      entries.map(({ method }) => method),
      entries.map(({ route }) => route),
      entries.map(({ status }) => status),
      entries.map(({ kind }) => kind),
      entries.map(({ correlationId }) => correlationId),
    ];
    await this.transaction.run((manager) => manager.query(insertion, columns));
  }

  /** Removes a batch of what is older than 90 days; true when there may be more. */
  async prune(): Promise<boolean> {
    const [, count]: [unknown, number] = await this.transaction.run((manager) => manager.query(pruning));
    return count === pruneBatch;
  }
}
