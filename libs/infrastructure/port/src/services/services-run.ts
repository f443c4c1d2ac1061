import type { AppliedObject } from '@nalabo/contracts';
import { AppError, toAppError } from '@nalabo/kernel';
import type { AppliedModel, ApplyPlan, WorkspaceFiles } from '../apply.js';
import type { ExecFacet } from '../exec.js';
import { ObjectError } from './object-error.js';
import type { ServiceHost, ServicesWork } from './service-host.js';
import { reachGoal, type ServicesGoal } from './services-goal.js';

/** How long the way back may take. */
const undoDeadlineMs = 15_000;

/** Carries out one plan, or brings back what was before. */
export class ServicesRun {
  constructor(
    private readonly host: ServiceHost,
    private readonly exec: Pick<ExecFacet, 'open'>,
    private readonly plan: ApplyPlan,
  ) {}

  async carryOut(files: WorkspaceFiles, signal: AbortSignal): Promise<readonly AppliedObject[]> {
    const { current, applied, changes, filesBefore } = this.plan;
    if (changes.every(({ action }) => action === 'unchanged')) return changes;
    await this.host.prepare(this.workOn(applied, signal));
    try {
      await this.reach({ from: current, files }, applied, signal);
      return changes;
    } catch (error) {
      const undone = await this.undo({ from: applied, files: filesBefore }, current, signal);
      return changes.map((change) => failedChange(change, error, undone));
    }
  }

  private reach(goal: ServicesGoal, wanted: AppliedModel | null, signal: AbortSignal): Promise<void> {
    return reachGoal(this.host, this.exec, goal, this.workOn(wanted, signal));
  }

  /** @returns what prevented it, for people. */
  private async undo(
    goal: ServicesGoal,
    wanted: AppliedModel | null,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (isTakenAway(signal)) return 'the session is no longer ours to change';
    try {
      await this.reach(goal, wanted, AbortSignal.timeout(undoDeadlineMs));
      return undefined;
    } catch (error) {
      return toAppError(error).publicMessage;
    }
  }

  private workOn(wanted: AppliedModel | null, signal: AbortSignal): ServicesWork {
    return { ref: this.plan.ref, wanted, limits: this.plan.limits, signal };
  }
}

/** Whether the caller has lost the session to somebody who ends or restores it. */
function isTakenAway({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof AppError && reason.kind === 'gone';
}

/** Nothing that was to change has changed in the end, whichever object it was that failed. */
function failedChange(change: AppliedObject, error: unknown, undone: string | undefined): AppliedObject {
  const { apiVersion, kind, name, namespace, action } = change;
  if (action === 'unchanged') return change;
  const failed = { apiVersion, kind, name, namespace, action: 'failed' } as const;
  const message = whyNot(kind, name, error);
  if (undone === undefined) return { ...failed, message };
  const rest = `; what was before could not be brought back: ${undone}`;
  return { ...failed, message: `${message}${rest}`, unrestored: true };
}

function whyNot(kind: string, name: string, error: unknown): string {
  if (!(error instanceof ObjectError)) return toAppError(error).publicMessage;
  const { objectKind, objectName, publicMessage } = error;
  const isCulprit = objectKind === kind && objectName === name;
  return isCulprit ? publicMessage : `not applied, because ${objectKind} ${objectName} has failed`;
}
