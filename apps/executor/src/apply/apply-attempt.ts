import type { ActionCounts, AppliedObject, ApplyNote, RequestOf, rpcs } from '@nalabo/contracts';
import type { ApplyModel, ApplyPlan, WorkspaceFiles } from '@nalabo/infrastructure-port';
import type { ApplyLease } from './apply-lease.js';
import type { ApplyOrder } from './apply-order.js';
import type { Place } from './apply-places.js';
import { countActions } from './count-actions.js';
import type { HeldModel } from './held-before.js';

export type ApplyOutcome = RequestOf<typeof rpcs.provisioner.endApply>['outcome'];

/** What became of an apply. */
export interface ApplyEnd {
  /** `failed`: what was begun has been undone. */
  readonly state: 'finished' | 'failed';
  readonly objects: readonly AppliedObject[];
  readonly notes: readonly ApplyNote[];
  /** What was held before and is held now; null when nothing was changed. */
  readonly change: AppliedChange | null;
}

export interface AppliedChange {
  /** Of manifests: what the session was made with, which counts until an apply is remembered. */
  readonly before: HeldModel;
  readonly after: HeldModel;
  readonly filesBefore: WorkspaceFiles;
  readonly filesAfter: WorkspaceFiles;
  /** What was to be done. */
  readonly planned: ActionCounts;
}

/** One apply under its lease: reads, plans, and carries out. */
export class ApplyAttempt {
  private held: ApplyOutcome = { kind: 'unchanged' };
  private isUnrestored = false;

  constructor(
    private readonly order: Pick<ApplyOrder, 'dryRun' | 'read'>,
    private readonly place: Place,
    private readonly lease: Pick<ApplyLease, 'images' | 'current' | 'initial'>,
    /** Is told what is going to be changed, before it is. */
    private readonly remember: (change: AppliedChange) => Promise<void>,
  ) {}

  /** What the session holds, as far as it is known at this moment. */
  get outcome(): ApplyOutcome {
    return this.held;
  }

  /** Whether something of it may be there that could not be taken away again. */
  get isLeft(): boolean {
    return this.isUnrestored;
  }

  /** @throws AppError as the facet does, and `unprocessable` for a file that breaks rules. */
  async carryOut(signal: AbortSignal): Promise<ApplyEnd> {
    const { facet, ref, limits } = this.place;
    const { images, current, initial } = this.lease;
    const takes = facet.takes === 'yaml' ? await facet.manifestScope(ref, signal) : facet.takes;
    const { model, notes } = this.order.read({ takes, images, limits, builds: facet.builds });
    const plan = await facet.plan(ref, { model, current, limits }, signal);
    if (this.order.dryRun) return { state: 'finished', objects: plan.changes, notes, change: null };
    const change = changeOf(plan, initial);
    await this.remember(change);
    this.held = { kind: 'unsettled' };
    const objects = await facet.apply(plan, signal);
    this.isUnrestored = objects.some(({ unrestored }) => unrestored);
    if (isUndone(model, objects)) return { state: 'failed', objects, notes, change: null };
    this.held = { kind: 'applied', model: plan.applied === null ? null : { ...plan.applied } };
    return { state: 'finished', objects, notes, change };
  }
}

/** Manifests that were applied stay when others have failed. */
function isUndone(model: ApplyModel, objects: readonly AppliedObject[]): boolean {
  return model.type === 'compose' && objects.some(({ action }) => action === 'failed');
}

function changeOf({ model, current, applied, filesBefore, changes }: ApplyPlan, initial: HeldModel): AppliedChange {
  const planned = countActions(changes);
  if (model.type === 'yaml') return { before: initial, after: model, filesBefore, filesAfter: new Map(), planned };
  return { before: current, after: applied, filesBefore, filesAfter: model.files, planned };
}
