import { rpcs } from '@nalabo/contracts';
import { toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Injectable, Logger } from '@nestjs/common';
import type { Asker } from '../access/session-access.js';
import { ApplyLease } from './apply-lease.js';
import { ApplyStore } from './apply.store.js';

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
  private readonly logger = new Logger(ApplyLeases.name);

  constructor(
    private readonly rpc: RpcClient,
    private readonly store: ApplyStore,
  ) {}

  /** @throws AppError `conflict` while the session is worked on, `gone`, `not_found`, `unavailable`. */
  async begin({ sessionId, applyId, envelope }: LeaseRequest): Promise<ApplyLease> {
    const context = contextOf(sessionId, envelope);
    const askedAt = performance.now();
    const grant = await this.rpc.request(beginApply, { sessionId, applyId }, context);
    const { token, leaseSeconds } = grant;
    const lease = { sessionId, token };
    return new ApplyLease(
      grant,
      {
        renew: async () => {
          const { held } = await this.rpc.request(renewApply, lease, { ...context, timeoutMs });
          // Not waited for: a slow database must not cost the lease.
          if (held) void this.keepRunning(sessionId, leaseSeconds);
          return held;
        },
        end: async (outcome) =>
          (await this.rpc.request(endApply, { ...lease, applyId, outcome }, { ...context, timeoutMs })).committed,
      },
      askedAt,
    );
  }

  /** Otherwise others would ask for the session, and be refused. */
  private async keepRunning(sessionId: string, seconds: number): Promise<void> {
    await this.store.keepRunning(sessionId, seconds).catch((error: unknown) => {
      this.logger.warn(`others are not told that an apply is looked after: ${toAppError(error).message}`);
    });
  }
}

function contextOf(sessionId: string, { actor, correlationId, id: causationId }: Asker) {
  return { actor, correlationId, causationId, sessionId };
}
