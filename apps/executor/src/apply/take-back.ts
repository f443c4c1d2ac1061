import type { ApplyPlan, WorkspaceFiles } from '@nalabo/infrastructure-port';
import { AppError, toAppError } from '@nalabo/kernel';
import { ApplyAttempt, type ApplyOutcome } from './apply-attempt.js';
import type { ApplyLease } from './apply-lease.js';
import type { Place } from './apply-places.js';
import type { CutOffApply, CutOffEnd } from './cut-off.store.js';
import { type FileTexts, filesToRestore } from './files-to-restore.js';
import { modelBefore } from './held-before.js';
import { restoredEnd, unrestoredEnd } from './judge-cut-off.js';

export interface TakenBack {
  readonly end: CutOffEnd;
  readonly outcome: ApplyOutcome;
}

/** How often the infrastructure may not let us finish before a take-back is given up: with the pauses, some minutes. */
const mostAttempts = 10;

/**
 * Brings back what a session held before an apply that was cut off: its services, and those files that hold what the apply
 * wrote. It goes the way of any apply, as if the other had been carried out, so whatever of that is there goes.
 * @throws AppError as the facet does, when nothing has been changed; `unavailable` when the infrastructure went away in the middle.
 */
export async function takeBack(
  cutOff: CutOffApply,
  place: Place,
  lease: Pick<ApplyLease, 'current'>,
  signal: AbortSignal,
): Promise<TakenBack> {
  const { facet, ref, limits } = place;
  const current = cutOff.after?.type === 'compose' ? cutOff.after : null;
  const modelWith = (files: FileTexts) => modelBefore({ type: 'compose', model: lease.current, files });
  const plan = (files: FileTexts) => facet.plan(ref, { model: modelWith(files), current, limits }, signal);
  const { before, now, blocked } = await look(cutOff.files ?? {}, plan);
  const { files, kept } = filesToRestore(before, cutOff.written ?? {}, now);
  const order = { dryRun: false, read: () => ({ model: modelWith(files), notes: [] }) };
  // What is remembered stays what was there before the apply, should this be cut off too.
  const attempt = new ApplyAttempt(order, place, { images: [], current, initial: null }, () => Promise.resolve());
  const { objects } = await attempt.carryOut(signal);
  if (attempt.isLeft && cutOff.attempts < mostAttempts) throw halfWay();
  const hasFailed = objects.some(({ action }) => action === 'failed');
  const end = hasFailed ? unrestoredEnd('its services did not come up again.') : restoredEnd([...blocked, ...kept]);
  return { end, outcome: attempt.outcome };
}

interface Look {
  /** What those files were that can be replaced. */
  readonly before: FileTexts;
  readonly now: WorkspaceFiles;
  /** The paths at which something stands by now that is no such file. */
  readonly blocked: readonly string[];
}

async function look(before: FileTexts, plan: (files: FileTexts) => Promise<ApplyPlan>): Promise<Look> {
  try {
    const { filesBefore: now } = await plan(before);
    return { before, now, blocked: [] };
  } catch (thrown) {
    const { path } = toAppError(thrown).details;
    if (typeof path !== 'string' || !Object.hasOwn(before, path)) throw thrown;
    const others = Object.fromEntries(Object.entries(before).filter(([other]) => other !== path));
    const rest = await look(others, plan);
    return { ...rest, blocked: [path, ...rest.blocked] };
  }
}

function halfWay(): AppError {
  return new AppError('unavailable', 'the infrastructure went away while an apply was taken back', {
    publicMessage: 'What an earlier apply has left could not be taken back yet.',
    details: { retryAfterSeconds: 2 },
  });
}

/** Ends what the session itself stands in the way of. @throws what another try may overcome. */
export function unrestorable(error: AppError): TakenBack {
  if (error.kind !== 'unprocessable') throw error;
  return { end: unrestoredEnd(error.publicMessage), outcome: { kind: 'unsettled' } };
}
