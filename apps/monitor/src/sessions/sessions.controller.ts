import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionLookup } from './session-lookup.js';
import { SessionMetrics } from './session-metrics.js';
import { SessionSight } from './session-sight.js';

const { sessionMetrics, sessionHealth, verifyAbsence } = rpcs.monitor;

@Controller()
export class SessionsController {
  constructor(
    private readonly lookup: SessionLookup,
    private readonly sessionMetrics: SessionMetrics,
    private readonly sight: SessionSight,
  ) {}

  @HandleRpc(sessionMetrics)
  async metrics(
    request: RequestOf<typeof sessionMetrics>,
    envelope: Envelope,
  ): Promise<ReplyOf<typeof sessionMetrics>> {
    return this.sessionMetrics.of(await this.lookup.readable(request.sessionId, envelope));
  }

  @HandleRpc(sessionHealth)
  async health(request: RequestOf<typeof sessionHealth>, envelope: Envelope): Promise<ReplyOf<typeof sessionHealth>> {
    return this.sight.health(await this.lookup.readable(request.sessionId, envelope));
  }

  @HandleRpc(verifyAbsence)
  verify({ sessionId, target }: RequestOf<typeof verifyAbsence>): Promise<ReplyOf<typeof verifyAbsence>> {
    return this.sight.leftOf(sessionId, target);
  }
}
