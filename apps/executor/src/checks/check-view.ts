import type { CheckDefinition, CheckOutcome, CheckResult, CheckStanding } from '@nalabo/contracts';

/** How an attempt at a check ended. */
export interface CheckEnd {
  readonly outcome: CheckOutcome;
  readonly exitCode: number | null;
  readonly tries: number;
  readonly durationMs: number | null;
}

/** An attempt that was accepted. */
export interface Attempt {
  readonly checkId: string;
  /** From one, without gaps, for each check of a session. */
  readonly attempt: number;
  readonly startedAt: Date;
}

/** The attempts at one check, with the newest that has ended, or the newest of all when none has. */
export interface CheckSummary extends Attempt {
  readonly end: CheckEnd | null;
  readonly attempts: number;
  readonly passedAt: Date | null;
}

export function resultOf(check: CheckDefinition, { attempt, startedAt }: Attempt, end: CheckEnd): CheckResult {
  const hasFailed = end.outcome === 'failed' || end.outcome === 'timed_out';
  return {
    checkId: check.id,
    title: check.title,
    attempt,
    ...end,
    hint: hasFailed ? check.hint : null,
    startedAt: startedAt.toISOString(),
  };
}

export function standingOf(check: CheckDefinition, summary: CheckSummary | undefined): CheckStanding {
  return {
    checkId: check.id,
    title: check.title,
    trusted: check.trusted,
    attempts: summary?.attempts ?? 0,
    passedAt: summary?.passedAt?.toISOString() ?? null,
    last: summary?.end ? resultOf(check, summary, summary.end) : null,
  };
}
