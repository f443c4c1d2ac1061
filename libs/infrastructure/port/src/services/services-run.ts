import type { AppliedObject } from '@nalabo/contracts';
import { AppError, toAppError } from '@nalabo/kernel';
import type { AppliedModel, ApplyPlan, WorkspaceFiles } from '../apply.js';
import { ObjectError, onObject } from './object-error.js';
import type { ServiceHost, ServicesWork } from './service-host.js';
import type { SessionWorkspace } from './session-workspace.js';

/** How long the way back may take. */
const undoDeadlineMs = 15_000;

type OpenWorkspace = <T>(signal: AbortSignal, work: (workspace: SessionWorkspace) => Promise<T>) => Promise<T>;

/** A state of services and files, to be brought about from any other. */
interface Goal {
  readonly from: AppliedModel | null;
  readonly to: AppliedModel | null;
  readonly files: WorkspaceFiles;
}

/** Carries out one plan, or brings back what was before. */
export class ServicesRun {
  constructor(
    private readonly host: ServiceHost,
    private readonly openWorkspace: OpenWorkspace,
    private readonly plan: ApplyPlan,
  ) {}

  async carryOut(files: WorkspaceFiles, signal: AbortSignal): Promise<readonly AppliedObject[]> {
    const { current, applied, changes, filesBefore } = this.plan;
    if (changes.every(({ action }) => action === 'unchanged')) return changes;
    await this.host.prepare(this.workOn(applied, signal));
    try {
      await this.reach({ from: current, to: applied, files }, signal);
      await this.host.sweep(this.workOn(applied, signal));
      return changes;
    } catch (error) {
      const undone = await this.undo({ from: applied, to: current, files: filesBefore }, signal);
      return changes.map((change) => failedChange(change, error, undone));
    }
  }

  private async reach({ from, to, files }: Goal, signal: AbortSignal): Promise<void> {
    const work = this.workOn(to, signal);
    await this.host.clear(work);
    await this.openWorkspace(signal, async (workspace) => {
      await moveFolders(workspace, from?.folders ?? {}, to?.folders ?? {});
      for (const [path, content] of files) await onObject('file', path, () => workspace.write(path, content));
    });
    await this.host.build(work);
  }

  /** @returns what prevented it, for people. */
  private async undo(goal: Goal, signal: AbortSignal): Promise<string | undefined> {
    if (isTakenAway(signal)) return 'the session is no longer ours to change';
    try {
      const limit = AbortSignal.timeout(undoDeadlineMs);
      await this.reach(goal, limit);
      await this.host.sweep(this.workOn(goal.to, limit));
      return undefined;
    } catch (error) {
      return toAppError(error).publicMessage;
    }
  }

  private workOn(wanted: AppliedModel | null, signal: AbortSignal): ServicesWork {
    return { ref: this.plan.ref, wanted, limits: this.plan.limits, signal };
  }
}

type Folders = AppliedModel['folders'];

async function moveFolders(workspace: SessionWorkspace, from: Folders, to: Folders): Promise<void> {
  for (const [folder, index] of Object.entries(from)) {
    if (to[folder] !== index) await onObject('folder', folder, () => workspace.release(folder, index));
  }
  // Those that stay are looked at too: the learner may have taken the link away.
  for (const [folder, index] of Object.entries(to)) {
    await onObject('folder', folder, () => workspace.claim(folder, index));
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
  const rest = undone === undefined ? '' : `; what was before could not be brought back: ${undone}`;
  return { apiVersion, kind, name, namespace, action: 'failed', message: `${whyNot(kind, name, error)}${rest}` };
}

function whyNot(kind: string, name: string, error: unknown): string {
  if (!(error instanceof ObjectError)) return toAppError(error).publicMessage;
  const { objectKind, objectName, publicMessage } = error;
  const isCulprit = objectKind === kind && objectName === name;
  return isCulprit ? publicMessage : `not applied, because ${objectKind} ${objectName} has failed`;
}
