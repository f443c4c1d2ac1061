import { type Envelope, facts, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleFact, HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { ApplyHistory } from './apply-history.js';
import { ApplyPlaces } from './apply-places.js';
import { ApplyRunner } from './apply-runner.js';
import { summaryOf } from './apply-view.js';

const { runApply, rollbackApply, listApplies, getKubeconfig } = rpcs.executor;

const kubeconfigDeadlineMs = 8000;

@Controller()
export class AppliesController {
  constructor(
    private readonly access: SessionAccess,
    private readonly runner: ApplyRunner,
    private readonly history: ApplyHistory,
    private readonly places: ApplyPlaces,
  ) {}

  @HandleRpc(runApply)
  run(request: RequestOf<typeof runApply>, envelope: Envelope): Promise<ReplyOf<typeof runApply>> {
    return this.runner.run(request, envelope);
  }

  @HandleRpc(rollbackApply)
  rollback(request: RequestOf<typeof rollbackApply>, envelope: Envelope): Promise<ReplyOf<typeof rollbackApply>> {
    return this.runner.rollback(request, envelope);
  }

  @HandleRpc(listApplies)
  async list(request: RequestOf<typeof listApplies>, envelope: Envelope): Promise<ReplyOf<typeof listApplies>> {
    await this.access.require('read', request.sessionId, envelope);
    const { rows, nextCursor } = await this.history.page(request.sessionId, request);
    return { items: rows.map(summaryOf), nextCursor };
  }

  /** What the learner's own client needs; nothing of it is kept. */
  @HandleRpc(getKubeconfig)
  async kubeconfig(
    { sessionId }: RequestOf<typeof getKubeconfig>,
    envelope: Envelope,
  ): Promise<ReplyOf<typeof getKubeconfig>> {
    const { facet, ref } = await this.places.require('kubeconfig', sessionId, envelope);
    return { kubeconfig: await facet.kubeconfig(ref, AbortSignal.timeout(kubeconfigDeadlineMs)) };
  }

  @HandleFact(facts.sessionTerminated)
  async forget(_: unknown, { sessionId }: Envelope): Promise<void> {
    if (sessionId !== null) await this.history.forget(sessionId);
  }
}
