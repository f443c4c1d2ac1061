import { rpcs } from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Injectable } from '@nestjs/common';
import type { Asker } from '../access/session-access.js';
import { ApplyLease } from './apply-lease.js';

const { beginApply, renewApply, endApply } = rpcs.provisioner;

/** An answer that comes later is of no use: the lease is renewed, or over, by then. */
const timeoutMs = 4000;

interface LeaseRequest {
  readonly sessionId: string;
  readonly applyId: string;
  readonly envelope: Asker;
}

/** Asks the provisioner for the right to change what a session holds. */
@Injectable()
export class ApplyLeases {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws AppError `conflict` while the session is worked on, `gone`, `not_found`, `unavailable`. */
  async begin({ sessionId, applyId, envelope }: LeaseRequest): Promise<ApplyLease> {
    const context = contextOf(sessionId, envelope);
    const askedAt = performance.now();
    const grant = await this.rpc.request(beginApply, { sessionId, applyId }, context);
    const { token } = grant;
    const lease = { sessionId, token };
    return new ApplyLease(
      grant,
      {
        renew: async () => (await this.rpc.request(renewApply, lease, { ...context, timeoutMs })).held,
        end: async (outcome) =>
          (await this.rpc.request(endApply, { ...lease, applyId, outcome }, { ...context, timeoutMs })).committed,
      },
      askedAt,
    );
  }
}

function contextOf(sessionId: string, { actor, correlationId, id: causationId }: Asker) {
  return { actor, correlationId, causationId, sessionId };
}
