import { type Envelope, type ReplyOf, rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { mayAct } from '@nalabo/session';
import { Injectable } from '@nestjs/common';

/** A session as the provisioner answers it. */
export type ResolvedSession = ReplyOf<typeof rpcs.provisioner.resolveSession>;

@Injectable()
export class SessionLookup {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws AppError `not_found` when the session is missing or the actor may not see it: the same answer. */
  async readable(sessionId: string, { actor, correlationId, id }: Envelope): Promise<ResolvedSession> {
    const context = { actor, correlationId, causationId: id, sessionId };
    const answer = this.rpc.request(rpcs.provisioner.resolveSession, { sessionId }, context);
    const session = await answer.catch((error: unknown) => {
      throw error instanceof AppError && error.kind === 'not_found' ? missing(sessionId) : error;
    });
    if (!mayAct(actor, 'read', session)) throw missing(sessionId);
    return session;
  }
}

function missing(sessionId: string): AppError {
  return new AppError('not_found', `there is no session ${sessionId}`);
}
