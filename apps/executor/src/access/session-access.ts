import { type Envelope, facts, rpcs } from '@nalabo/contracts';
import { AppError, type Clock, systemClock } from '@nalabo/kernel';
import { FactFeed, RpcClient } from '@nalabo/messaging';
import { mayAct, type SessionAction } from '@nalabo/session';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ResolvedSession } from './state-gate.js';

/** How long an answer of the provisioner is believed when no fact has come to say otherwise. */
const keptMilliseconds = 2000;

/** After these the provisioner may answer otherwise. Our own facts are not among them: each command tells one. */
const changingFacts = [
  facts.sessionRequested,
  facts.sessionProvisioning,
  facts.sessionReady,
  facts.sessionRestarted,
  facts.sessionExtended,
  facts.sessionTerminating,
  facts.sessionTerminated,
].map(({ fact }) => fact);

/** Who wants something, and in the course of what. */
export type Asker = Pick<Envelope, 'actor' | 'correlationId' | 'id'>;

interface KeptAnswer {
  readonly askedAt: number;
  readonly answer: Promise<ResolvedSession>;
}

/** Asks the provisioner whose a session is and how it stands, and says whether the actor may do what they want. */
@Injectable()
export class SessionAccess implements OnModuleInit, OnApplicationShutdown {
  private readonly clock: Clock = systemClock;
  private readonly kept = new Map<string, KeptAnswer>();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly rpc: RpcClient,
    private readonly feed: FactFeed,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribeFacts({ fact: changingFacts }, ({ sessionId }) => {
      if (sessionId !== null) this.kept.delete(sessionId);
    });
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
  }

  /** @throws AppError `not_found` when the session is missing or the actor may not do this with it: the same answer. */
  async require(action: SessionAction, sessionId: string, envelope: Asker): Promise<ResolvedSession> {
    const session = await this.resolve(sessionId, envelope).catch((error: unknown) => {
      throw error instanceof AppError && error.kind === 'not_found' ? missing(sessionId) : error;
    });
    if (!mayAct(envelope.actor, action, session)) throw missing(sessionId);
    return session;
  }

  private resolve(sessionId: string, envelope: Asker): Promise<ResolvedSession> {
    this.forgetOld();
    const kept = this.kept.get(sessionId);
    if (kept) return kept.answer;
    const { actor, correlationId, id } = envelope;
    const context = { actor, correlationId, causationId: id, sessionId };
    const answer = this.rpc.request(rpcs.provisioner.resolveSession, { sessionId }, context);
    // Kept from the moment of asking: a fact that comes before the answer must make it forgotten too.
    const asked = { askedAt: this.clock.now().getTime(), answer };
    this.kept.set(sessionId, asked);
    answer.catch(() => {
      if (this.kept.get(sessionId) === asked) this.kept.delete(sessionId);
    });
    return answer;
  }

  /** The oldest come first in the map, so this stops at the first that is young enough. */
  private forgetOld(): void {
    const oldest = this.clock.now().getTime() - keptMilliseconds;
    for (const [sessionId, { askedAt }] of this.kept) {
      if (askedAt > oldest) return;
      this.kept.delete(sessionId);
    }
  }
}

function missing(sessionId: string): AppError {
  return new AppError('not_found', `there is no session ${sessionId}`);
}
