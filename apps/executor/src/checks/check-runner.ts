import {
  type CheckDefinition,
  type CheckResult,
  type CheckRunView,
  type Envelope,
  type RequestOf,
  type rpcs,
} from '@nalabo/contracts';
import type { ShellRole } from '@nalabo/infrastructure-port';
import { AppError, isRetryable, newId, retry, toAppError } from '@nalabo/kernel';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { refuseByState } from '../access/state-gate.js';
import { commandLimits } from '../command/limits.js';
import type { SessionShell } from '../shells/session-shells.js';
import { CheckDefinitions } from './check-definitions.js';
import { CheckShells, roleOf } from './check-shells.js';
import { type Attempt, type CheckEnd, resultOf } from './check-view.js';
import { CheckStore } from './check.store.js';
import { chooseChecks } from './choose-checks.js';
import { fitsRequest } from './fits-request.js';
import { tryCheck } from './try-check.js';

type RunRequest = RequestOf<typeof rpcs.executor.runChecks>;

/** A check can be asked for again: its result is not worth holding the caller for longer. */
const savePolicy = { attempts: 6, firstMilliseconds: 100, factor: 2, maximumMilliseconds: 2000 };

const notBegun: CheckEnd = { outcome: 'unknown', exitCode: null, tries: 0, durationMs: null };

/** Runs the checks of a workshop in a session, one after another, and stores what became of each attempt. */
@Injectable()
export class CheckRunner implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(CheckRunner.name);
  private readonly shutdown = new AbortController();
  private graceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly access: SessionAccess,
    private readonly definitions: CheckDefinitions,
    private readonly shells: CheckShells,
    private readonly store: CheckStore,
  ) {}

  /** Does not wait: the requests under way are waited for by the transport, which closes after this. */
  beforeApplicationShutdown(): void {
    this.graceTimer = setTimeout(() => this.shutdown.abort(), commandLimits.shutdownGraceMilliseconds);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.graceTimer);
    this.shutdown.abort();
  }

  /**
   * Resolves when every check has ended, whatever its end. What would not end within the time of one request is not begun.
   * @throws AppError before anything has started: `not_found`, `conflict`, `gone`, `exhausted`, `unavailable`.
   */
  async run({ sessionId, checkIds }: RunRequest, envelope: Envelope): Promise<CheckRunView> {
    const session = await this.access.require('use', sessionId, envelope);
    const refusal = refuseByState(session);
    if (refusal) throw refusal;
    const checks = chooseChecks(await this.definitions.of(session, envelope), checkIds);
    const shells = await this.shells.open(session, checks);
    const attempts = await this.store.start({ runId: newId(), session, checks, envelope });
    const begunAt = performance.now();
    const results: CheckResult[] = [];
    for (const check of checks) {
      const mayBegin = fitsRequest(check, performance.now() - begunAt) && !this.shutdown.signal.aborted;
      const end = mayBegin ? await this.attempt(check, shells) : notBegun;
      const attempt = attemptAt(check, attempts);
      results.push(resultOf(check, attempt, await this.save(sessionId, attempt, end)));
    }
    const passed = results.length > 0 && results.every(({ outcome }) => outcome === 'passed');
    return { sessionId, passed, results };
  }

  private async attempt(check: CheckDefinition, shells: ReadonlyMap<ShellRole, SessionShell>): Promise<CheckEnd> {
    const shell = shells.get(roleOf(check));
    if (!shell) throw new AppError('internal', `no shell was opened for the check ${check.id}`);
    const onLost = (detail: string): void => this.logger.warn(`the check ${check.id} was lost: ${detail}`);
    return tryCheck(check, shell, { shutdown: this.shutdown.signal, onLost });
  }

  /** The end as it is stored. */
  private save(sessionId: string, attempt: Attempt, end: CheckEnd): Promise<CheckEnd> {
    const isWorthRetrying = (error: unknown): boolean => isRetryable(toAppError(error));
    return retry(() => this.store.finish(sessionId, attempt, end), { ...savePolicy, isWorthRetrying });
  }
}

function attemptAt({ id }: CheckDefinition, attempts: readonly Attempt[]): Attempt {
  const attempt = attempts.find(({ checkId }) => checkId === id);
  if (attempt) return attempt;
  throw new AppError('internal', `no attempt at the check ${id} was accepted`);
}
