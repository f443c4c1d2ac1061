import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { ApplyRunner } from './apply-runner.js';

const { runApply, getKubeconfig } = rpcs.executor;

@Controller()
export class AppliesController {
  constructor(private readonly runner: ApplyRunner) {}

  @HandleRpc(runApply)
  run(request: RequestOf<typeof runApply>, envelope: Envelope): Promise<ReplyOf<typeof runApply>> {
    return this.runner.run(request, envelope);
  }

  @HandleRpc(getKubeconfig)
  async kubeconfig(
    { sessionId }: RequestOf<typeof getKubeconfig>,
    envelope: Envelope,
  ): Promise<ReplyOf<typeof getKubeconfig>> {
    return { kubeconfig: await this.runner.kubeconfig(sessionId, envelope) };
  }
}
