import { type Actor, type TerminalEnd, terminalLimits, type TerminalView } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { lockUntilCommit, type Transaction } from '@nalabo/persistence';

const batchSize = 100;

/** Long enough for two renewals to fail, short enough that a dead process is noticed soon. */
const leaseEnd = `clock_timestamp() + interval '15 seconds'`;

const columns = `terminal_id AS "terminalId", session_id AS "sessionId", instance, opened_at AS "openedAt",
  ended_at AS "endedAt", end_reason AS "end"`;
const isOpen = 'ended_at IS NULL AND lease_until > clock_timestamp()';
const ended = 'ended_at = clock_timestamp(), lease_until = NULL';

const openSql = `
  INSERT INTO terminals (terminal_id, session_id, actor, instance, lease_until) VALUES ($1, $2, $3, $4, ${leaseEnd})`;
const countSql = `SELECT count(*)::int AS count FROM terminals WHERE session_id = $1 AND ${isOpen}`;
const findSql = `SELECT ${columns} FROM terminals WHERE session_id = $1 AND terminal_id = $2`;
const listSql = `SELECT ${columns} FROM terminals WHERE session_id = $1 AND ${isOpen} ORDER BY opened_at, terminal_id`;
const endSql = `UPDATE terminals SET ${ended}, end_reason = $2 WHERE terminal_id = $1 AND ended_at IS NULL`;
const renewSql = `
  UPDATE terminals SET lease_until = ${leaseEnd}
  WHERE instance = $1 AND ended_at IS NULL AND terminal_id = ANY ($2::uuid[]) RETURNING terminal_id AS "terminalId"`;
/** Materialized, because a plan that ran the selection twice would end more rows than the limit. */
const abandonSql = `
  WITH due AS MATERIALIZED (
    SELECT terminal_id AS due_id FROM terminals WHERE ended_at IS NULL AND lease_until <= clock_timestamp()
    ORDER BY lease_until LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
  UPDATE terminals SET ${ended}, end_reason = 'lost' FROM due WHERE terminal_id = due_id`;
const pruneSql = `
  DELETE FROM terminals WHERE terminal_id IN (
    SELECT terminal_id FROM terminals
    WHERE ended_at IS NOT NULL AND opened_at < clock_timestamp() - interval '7 days' LIMIT ${batchSize})`;

interface TerminalRow {
  readonly terminalId: string;
  readonly sessionId: string;
  readonly instance: string;
  readonly openedAt: Date;
  readonly endedAt: Date | null;
  readonly end: TerminalEnd | null;
}

/** A terminal, and the executor process that it lives in. */
export interface KnownTerminal {
  readonly view: TerminalView;
  readonly instance: string;
}

export interface NewTerminal {
  readonly terminalId: string;
  readonly sessionId: string;
  readonly actor: Actor;
}

/** Which terminals there are, and in which process. The lease of an open one ends soon after its process has died. */
export class TerminalStore {
  /** @param instance This process among the replicas of the service. */
  constructor(
    private readonly transaction: Transaction,
    readonly instance: string,
  ) {}

  /** @throws AppError `exhausted` when the session has as many as it may. */
  async open({ terminalId, sessionId, actor }: NewTerminal): Promise<void> {
    await this.transaction.run(async (manager) => {
      // Two at the same moment must not both be the last that fits.
      await lockUntilCommit(manager, `executor.terminals ${sessionId}`);
      const [row]: { count: number }[] = await manager.query(countSql, [sessionId]);
      if ((row?.count ?? 0) >= terminalLimits.openPerSession) throw tooMany();
      await manager.query(openSql, [terminalId, sessionId, JSON.stringify(actor), this.instance]);
    });
  }

  /** @throws AppError `not_found` when the session has no such terminal, or no longer. */
  async find(sessionId: string, terminalId: string): Promise<KnownTerminal> {
    const [row] = await this.query<TerminalRow>(findSql, [sessionId, terminalId]);
    if (!row) throw new AppError('not_found', `session ${sessionId} has no terminal ${terminalId}`);
    return { view: viewOf(row), instance: row.instance };
  }

  /** The open ones, oldest first. */
  async list(sessionId: string): Promise<TerminalView[]> {
    return (await this.query<TerminalRow>(listSql, [sessionId])).map(viewOf);
  }

  async end(terminalId: string, end: TerminalEnd): Promise<void> {
    await this.query(endSql, [terminalId, end]);
  }

  /** Gives those of the ids that are still open by their rows; the others were given up. */
  async renew(terminalIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (terminalIds.length === 0) return new Set();
    const [rows] = await this.query<{ terminalId: string }[]>(renewSql, [this.instance, terminalIds]);
    return new Set(rows?.map(({ terminalId }) => terminalId));
  }

  /** Ends the terminals of processes that died. True when there may be more. */
  async abandonOverdue(): Promise<boolean> {
    const [, count] = await this.query<unknown>(abandonSql, []);
    return count === batchSize;
  }

  /** Removes what is older than it is kept. True when there may be more. */
  async prune(): Promise<boolean> {
    const [, count] = await this.query<unknown>(pruneSql, []);
    return count === batchSize;
  }

  private query<Item>(sql: string, parameters: readonly unknown[]): Promise<Item[]> {
    return this.transaction.statement<Item[]>(sql, parameters);
  }
}

function viewOf({ terminalId, sessionId, openedAt, endedAt, end }: TerminalRow): TerminalView {
  return {
    terminalId,
    sessionId,
    openedAt: openedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    end,
  };
}

function tooMany(): AppError {
  const limit = terminalLimits.openPerSession;
  return new AppError('exhausted', `the limit of ${limit} open terminals in a session is reached`, {
    details: { retryAfterSeconds: 10 },
    publicMessage: `A session has at most ${limit} open terminals; go on with one of them, or end one.`,
  });
}
