import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionApplies } from './session-applies.js';

const { beginApply, renewApply, endApply } = rpcs.provisioner;

/** Answers the executor, which applies, about the sessions that it applies to. */
@Controller()
export class AppliesController {
  constructor(private readonly applies: SessionApplies) {}

  @HandleRpc(beginApply)
  begin(request: RequestOf<typeof beginApply>, { actor }: Envelope): Promise<ReplyOf<typeof beginApply>> {
    return this.applies.begin(request, actor);
  }

  @HandleRpc(renewApply)
  async renew({ sessionId, token }: RequestOf<typeof renewApply>): Promise<ReplyOf<typeof renewApply>> {
    return { held: await this.applies.renew(sessionId, token) };
  }

  @HandleRpc(endApply)
  async end(request: RequestOf<typeof endApply>): Promise<ReplyOf<typeof endApply>> {
    return { committed: await this.applies.end(request) };
  }
}
