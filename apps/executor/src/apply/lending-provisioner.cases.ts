import { type ReplyOf, type RequestOf, rpcs, type StoredModel } from '@nalabo/contracts';
import { AppError, newId } from '@nalabo/kernel';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';

const { beginApply, renewApply, endApply } = rpcs.provisioner;

type Outcome = RequestOf<typeof endApply>['outcome'];

/** What the provisioner knows of a session that is lent to applies. */
export interface LentSession {
  token: string | null;
  current: StoredModel | null;
  /** The apply that has left `current`. */
  appliedBy: string | null;
  /** What the session was made with. */
  initial: StoredModel | null;
  images: string[];
  leaseSeconds: number;
  /** Whether the session has to end, so that no lease is renewed any more. */
  isEnding: boolean;
  /** How the end of an apply is met: after the lease was lost, or so that it is done and the answer never comes. */
  end: 'answered' | 'too late' | 'unanswered';
  /** What happens before the next one gets the session. */
  beforeBegin: () => Promise<void>;
  readonly outcomes: Outcome[];
}

const sessions = new Map<string, LentSession>();

/** The session as a test wants the provisioner to know it. */
export function lentSession(sessionId: string): LentSession {
  const fresh = {
    token: null,
    current: null,
    appliedBy: null,
    initial: null,
    images: ['nginx:alpine'],
    leaseSeconds: 15,
    isEnding: false,
    end: 'answered' as const,
    beforeBegin: () => Promise.resolve(),
    outcomes: [],
  };
  const session = sessions.get(sessionId) ?? fresh;
  sessions.set(sessionId, session);
  return session;
}

/** Lends sessions to one apply at a time, as the provisioner does. */
@Controller()
export class LendingProvisioner {
  @HandleRpc(beginApply)
  async begin({ sessionId }: RequestOf<typeof beginApply>): Promise<ReplyOf<typeof beginApply>> {
    const session = lentSession(sessionId);
    await session.beforeBegin();
    if (session.token !== null) throw new AppError('conflict', `an apply is running in session ${sessionId}`);
    session.token = newId();
    const { token, leaseSeconds, current, appliedBy, initial, images } = session;
    return { token, leaseSeconds, current, appliedBy, initial, images };
  }

  @HandleRpc(renewApply)
  async renew({ sessionId, token }: RequestOf<typeof renewApply>): Promise<ReplyOf<typeof renewApply>> {
    const session = lentSession(sessionId);
    return { held: session.token === token && !session.isEnding };
  }

  @HandleRpc(endApply)
  async end({ sessionId, applyId, token, outcome }: RequestOf<typeof endApply>): Promise<ReplyOf<typeof endApply>> {
    const session = lentSession(sessionId);
    if (session.token === token) release(session, applyId, outcome);
    if (session.end === 'unanswered') throw new AppError('unavailable', 'the provisioner is away');
    return { committed: outcome.kind === 'applied' && session.appliedBy === applyId };
  }
}

function release(session: LentSession, applyId: string, outcome: Outcome): void {
  session.token = null;
  if (session.end === 'too late') return;
  session.outcomes.push(outcome);
  if (outcome.kind !== 'applied' || session.isEnding) return;
  session.current = outcome.model;
  session.appliedBy = applyId;
}
