import { createHash } from 'node:crypto';
import {
  type AppliedObject,
  type ApplyView,
  applyWaits,
  type Envelope,
  type Limits,
  type RequestOf,
  type rpcs,
} from '@nalabo/contracts';
import { type ApplyFacet, type SessionRef, TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, newId, type SessionId, toAppError } from '@nalabo/kernel';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { refuseByState } from '../access/state-gate.js';
import { ApplyStore, type StartedApply } from './apply.store.js';
import { readModel } from './read-model.js';

type ApplyRequest = RequestOf<typeof rpcs.executor.runApply>;

const kubeconfigDeadlineMs = 8000;

/** Where the configuration of a session goes. */
interface Place {
  readonly facet: ApplyFacet;
  readonly ref: SessionRef;
  readonly limits: Limits;
}

@Injectable()
export class ApplyRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ApplyRunner.name);
  private readonly shutdown = new AbortController();

  constructor(
    private readonly access: SessionAccess,
    private readonly targets: TargetRegistry,
    private readonly store: ApplyStore,
  ) {}

  /** What is under way ends after the object that it is at, and says so. */
  beforeApplicationShutdown(): void {
    this.shutdown.abort();
  }

  /**
   * Resolves when everything was done that could be, and says what became of each object.
   * @throws AppError before anything has changed: `not_found`, `conflict`, `gone`, `unprocessable`, `exhausted`,
   * `unavailable`.
   */
  async run(request: ApplyRequest, envelope: Envelope): Promise<ApplyView> {
    const { sessionId, type, dryRun, configuration } = request;
    const place = await this.placeOf(sessionId, 'apply', envelope);
    const digest = createHash('sha256').update(configuration).digest('hex');
    const apply = { applyId: newId(), digest, request, envelope };
    // Before anything is read: reading takes time too, of which an owner has a share.
    await this.store.start(apply);
    const objects = await this.carryOut(apply, place);
    await this.keep(apply, objects);
    return { applyId: apply.applyId, sessionId, type, dryRun, objects: [...objects] };
  }

  /** What the learner's own client needs; nothing of it is kept. @throws AppError as `run`. */
  async kubeconfig(sessionId: string, envelope: Envelope): Promise<string> {
    const { facet, ref } = await this.placeOf(sessionId, 'kubeconfig', envelope);
    return facet.kubeconfig(ref, AbortSignal.timeout(kubeconfigDeadlineMs));
  }

  private async carryOut(apply: StartedApply, { facet, ref, limits }: Place): Promise<readonly AppliedObject[]> {
    const signal = AbortSignal.any([AbortSignal.timeout(applyWaits.deadlineMs), this.shutdown.signal]);
    try {
      const model = readModel(apply.request);
      const plan = await facet.plan(ref, { model, current: null, limits }, signal);
      return apply.request.dryRun ? plan.changes : await facet.apply(plan, signal);
    } catch (error) {
      await this.store.fail(apply).catch((thrown: unknown) => {
        this.logger.warn(`apply ${apply.applyId} is kept as running: ${toAppError(thrown).message}`);
      });
      throw this.interruptedByUs(error) ?? error;
    }
  }

  private async keep(apply: StartedApply, objects: readonly AppliedObject[]): Promise<void> {
    try {
      await this.store.finish(apply, objects);
    } catch (error) {
      // The names of what is removed come from the session's own API, which may answer what cannot be stored.
      this.logger.warn(`the result of apply ${apply.applyId} is not kept: ${toAppError(error).message}`);
      await this.store.finishWithoutResult(apply, objects);
    }
  }

  /** The learner has cancelled nothing when it is this process that stops. */
  private interruptedByUs(error: unknown): AppError | undefined {
    if (!this.shutdown.signal.aborted || toAppError(error).kind !== 'cancelled') return undefined;
    return new AppError('unavailable', 'this executor stops before the configuration was applied', {
      cause: error,
      publicMessage: 'The service is being restarted. Nothing was applied.',
      details: { retryAfterSeconds: 2 },
    });
  }

  private async placeOf(sessionId: string, need: 'apply' | 'kubeconfig', envelope: Envelope): Promise<Place> {
    const session = await this.access.require('use', sessionId, envelope);
    const refusal = refuseByState(session);
    if (refusal) throw refusal;
    const { apply: facet, describe } = this.targets.get(session.target);
    const { generation, limits } = session;
    if (facet) return { facet, ref: { sessionId: sessionId as SessionId, generation }, limits };
    const { [need]: capability } = await describe.capabilities();
    const what = need === 'apply' ? 'takes no configuration' : 'has no kubeconfig';
    throw new AppError('unprocessable', `a session on ${describe.kind} ${what}: ${capability.reason}`);
  }
}
