import { rpcs, type Envelope, type ReplyOf, type RequestOf, type SessionView } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { mayAct } from '@nalabo/session';
import { Controller } from '@nestjs/common';
import { SessionCreation } from './session-creation.js';
import { requireAccess, SessionIntent } from './session-intent.js';
import type { Origin } from './session-history.js';
import { toDeadline, toResolvedSession, toSessionView } from './session-view.js';
import { sessionNotFound, SessionStore, type SessionWithNow } from './session.store.js';

const { provisioner } = rpcs;

/** Answers what other services ask and order about sessions. */
@Controller()
export class SessionsController {
  constructor(
    private readonly creation: SessionCreation,
    private readonly intent: SessionIntent,
    private readonly store: SessionStore,
  ) {}

  @HandleRpc(provisioner.createSession)
  create(
    request: RequestOf<typeof provisioner.createSession>,
    envelope: Envelope,
  ): Promise<ReplyOf<typeof provisioner.createSession>> {
    return this.creation.create({ ...request, origin: originOf(envelope) });
  }

  @HandleRpc(provisioner.getSession)
  async get({ sessionId }: RequestOf<typeof provisioner.getSession>, { actor }: Envelope): Promise<SessionView> {
    const { row, now } = await this.find(sessionId);
    requireAccess(actor, 'read', row);
    return toSessionView(row, now);
  }

  @HandleRpc(provisioner.listSessions)
  async list(
    request: RequestOf<typeof provisioner.listSessions>,
    { actor }: Envelope,
  ): Promise<ReplyOf<typeof provisioner.listSessions>> {
    const seesAll = mayAct({ ...actor, ownerId: '' }, 'read', { ownerId: actor.ownerId });
    const page = await this.store.page({ ...request, ownerId: seesAll ? null : actor.ownerId });
    return { items: page.rows.map((row) => toSessionView(row, page.now)), nextCursor: page.nextCursor };
  }

  @HandleRpc(provisioner.deleteSession)
  delete({ sessionId }: RequestOf<typeof provisioner.deleteSession>, { actor }: Envelope): Promise<SessionView> {
    return this.intent.delete(sessionId, actor);
  }

  @HandleRpc(provisioner.endSession)
  async end(request: RequestOf<typeof provisioner.endSession>): Promise<ReplyOf<typeof provisioner.endSession>> {
    return { ended: await this.intent.end(request.sessionId, request.expiryVersion) };
  }

  @HandleRpc(provisioner.extendSession)
  extend(request: RequestOf<typeof provisioner.extendSession>, envelope: Envelope): Promise<SessionView> {
    return this.intent.extend(request.sessionId, request.duration, originOf(envelope));
  }

  @HandleRpc(provisioner.resolveSession)
  async resolve({
    sessionId,
  }: RequestOf<typeof provisioner.resolveSession>): Promise<ReplyOf<typeof provisioner.resolveSession>> {
    const { row, now } = await this.find(sessionId);
    return toResolvedSession(row, now);
  }

  @HandleRpc(provisioner.listDeadlines)
  async deadlines(
    request: RequestOf<typeof provisioner.listDeadlines>,
  ): Promise<ReplyOf<typeof provisioner.listDeadlines>> {
    const { rows, nextCursor } = await this.store.deadlines(request.cursor, request.limit);
    return { items: rows.map(toDeadline), nextCursor };
  }

  private async find(sessionId: string): Promise<SessionWithNow> {
    const found = await this.store.find(sessionId);
    if (!found) throw sessionNotFound(sessionId);
    return found;
  }
}

function originOf({ actor, correlationId, id }: Envelope): Origin {
  return { actor, correlationId, causationId: id };
}
