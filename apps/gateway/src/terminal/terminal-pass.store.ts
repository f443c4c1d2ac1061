import { type Actor, terminalLimits, type TerminalMode } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { hashPass, newPass, type PassKind, type TerminalPass } from './terminal-pass.js';

/** What a pass is good for, and for whom. */
export interface TerminalGrant {
  readonly sessionId: string;
  /** Null opens a new one. */
  readonly terminalId: string | null;
  readonly mode: TerminalMode;
  readonly actor: Actor;
}

interface ExpiringRow {
  readonly expiresAt: Date;
}

interface PassRow extends Omit<TerminalGrant, 'sessionId'> {
  readonly isValid: boolean;
}

const lifetimes: Readonly<Record<PassKind, string>> = {
  ticket: `interval '${terminalLimits.ticketSeconds} seconds'`,
  // From its last use on: a laptop may sleep over night, and the terminal itself ends much earlier.
  resume: `interval '1 day'`,
};
const now = 'clock_timestamp()';
const isRevoked = `EXISTS (SELECT 1 FROM api_keys WHERE id = actor->>'keyId' AND revoked_at IS NOT NULL)`;
const granted = `terminal_id AS "terminalId", mode, actor`;
const wanted = 'hash = $1 AND kind = $2 AND session_id = $3';

const issueSql = (kind: PassKind): string => `
  INSERT INTO terminal_passes (hash, kind, session_id, terminal_id, mode, actor, expires_at)
  VALUES ($1, '${kind}', $2, $3, $4, $5, ${now} + ${lifetimes[kind]}) RETURNING expires_at AS "expiresAt"`;
const forgetSql = `DELETE FROM terminal_passes WHERE expires_at < ${now}`;
const useSql: Readonly<Record<PassKind, string>> = {
  ticket: `DELETE FROM terminal_passes WHERE ${wanted}
    RETURNING ${granted}, expires_at > ${now} AND NOT ${isRevoked} AS "isValid"`,
  resume: `UPDATE terminal_passes SET expires_at = ${now} + ${lifetimes.resume}
    WHERE ${wanted} AND expires_at > ${now} AND NOT ${isRevoked} RETURNING ${granted}, true AS "isValid"`,
};
const revokedSql = 'SELECT id FROM api_keys WHERE id = ANY ($1) AND revoked_at IS NOT NULL';

/** The passes to terminals, without what would let anybody use one, for all replicas of the gateway. */
@Injectable()
export class TerminalPassStore {
  constructor(private readonly transaction: Transaction) {}

  async issue(
    kind: PassKind,
    { sessionId, terminalId, mode, actor }: TerminalGrant,
  ): Promise<TerminalPass & ExpiringRow> {
    const pass = newPass(kind);
    await this.transaction.statement(forgetSql);
    const values = [hashPass(pass), sessionId, terminalId, mode, JSON.stringify(actor)];
    const [row] = await this.transaction.statement<ExpiringRow[]>(issueSql(kind), values);
    if (!row) throw new AppError('internal', `no ${kind} was stored`);
    return { ...pass, ...row };
  }

  /**
   * Uses the pass for this session. A ticket is gone by that, whatever the answer.
   * @throws AppError `unauthenticated` when it is unknown, used, expired, another session's, or its key was revoked.
   */
  async use(pass: TerminalPass, sessionId: string): Promise<TerminalGrant> {
    const values = [hashPass(pass), pass.kind, sessionId];
    const [rows] = await this.transaction.statement<[PassRow[], number]>(useSql[pass.kind], values);
    const [row] = rows;
    if (!row?.isValid) throw new AppError('unauthenticated', 'The ticket or token is not, or no longer, valid.');
    const { terminalId, mode, actor } = row;
    return { sessionId, terminalId, mode, actor };
  }

  /** Those of the keys that were revoked. */
  async revokedKeys(keyIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.transaction.statement<{ id: string }[]>(revokedSql, [keyIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
