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
  images: string[];
  leaseSeconds: number;
  /** Whether the session has to end, so that no lease is renewed any more. */
  isEnding: boolean;
  readonly outcomes: Outcome[];
}

const sessions = new Map<string, LentSession>();

/** The session as a test wants the provisioner to know it. */
export function lentSession(sessionId: string): LentSession {
  const fresh = {
    token: null,
    current: null,
    images: ['nginx:alpine'],
    leaseSeconds: 15,
    isEnding: false,
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
    if (session.token !== null) throw new AppError('conflict', `an apply is running in session ${sessionId}`);
    session.token = newId();
    const { token, leaseSeconds, current, images } = session;
    return { token, leaseSeconds, current, images };
  }

  @HandleRpc(renewApply)
  async renew({ sessionId, token }: RequestOf<typeof renewApply>): Promise<ReplyOf<typeof renewApply>> {
    const session = lentSession(sessionId);
    return { held: session.token === token && !session.isEnding };
  }

  @HandleRpc(endApply)
  async end({ sessionId, token, outcome }: RequestOf<typeof endApply>): Promise<ReplyOf<typeof endApply>> {
    const session = lentSession(sessionId);
    if (session.token !== token) return { committed: false };
    session.token = null;
    session.outcomes.push(outcome);
    if (outcome.kind !== 'applied' || session.isEnding) return { committed: false };
    session.current = outcome.model;
    return { committed: true };
  }
}
