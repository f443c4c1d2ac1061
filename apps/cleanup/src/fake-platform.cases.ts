import { facts, rpcs, type Envelope, type InfrastructureObject, type ReplyOf, type RequestOf } from '@nalabo/contracts';
import { AppError, newSessionId, systemClock } from '@nalabo/kernel';
import { HandleFact, HandleRpc } from '@nalabo/messaging';
import { Controller, Injectable } from '@nestjs/common';

type EndSession = RequestOf<typeof rpcs.provisioner.endSession>;
type ListDeadlines = RequestOf<typeof rpcs.provisioner.listDeadlines>;
type ResolveSession = RequestOf<typeof rpcs.provisioner.resolveSession>;
type ResolvedSession = ReplyOf<typeof rpcs.provisioner.resolveSession>;
type DeadlinePage = ReplyOf<typeof rpcs.provisioner.listDeadlines>;
type VerifyAbsence = RequestOf<typeof rpcs.monitor.verifyAbsence>;
type AbsenceReport = ReplyOf<typeof rpcs.monitor.verifyAbsence>;

export type FakeSession = DeadlinePage['items'][number];
export const removed = { kind: 'container', name: 'nalabo-session', at: '2026-01-01T12:00:00.000Z' };

export function fromNow(milliseconds: number): string {
  return new Date(systemClock.now().getTime() + milliseconds).toISOString();
}

/** What provisioner and monitor know, set by the tests, and what cleanup asked and told them. */
@Injectable()
export class FakePlatform {
  readonly sessions = new Map<string, FakeSession>();
  readonly left = new Map<string, InfrastructureObject[]>();
  readonly endRequests: (EndSession & { readonly at: Date })[] = [];
  readonly told: { readonly type: string; readonly sessionId: string | null; readonly payload: unknown }[] = [];
  pageSize = 50;
  failingCursor: string | undefined;
  isMonitorAway = false;
  isProvisionerAway = false;
  /** What happens at the provisioner just before it hears that a session is to end. */
  beforeEnd: (sessionId: string) => void = () => undefined;

  add(overrides: Partial<FakeSession> = {}): FakeSession {
    const session: FakeSession = {
      sessionId: newSessionId(),
      ownerId: 'alice',
      target: 'local-docker',
      state: 'READY',
      expiresAt: fromNow(3_600_000),
      expiryVersion: 1,
      ended: null,
      ...overrides,
    };
    this.sessions.set(session.sessionId, session);
    return session;
  }

  change(sessionId: string, changes: Partial<FakeSession>): void {
    const session = this.sessions.get(sessionId);
    if (session) this.sessions.set(sessionId, { ...session, ...changes });
  }

  endRequestsOf(sessionId: string): number[] {
    return this.endRequests.filter((end) => end.sessionId === sessionId).map(({ expiryVersion }) => expiryVersion);
  }

  toldOf(sessionId: string): { type: string; payload: unknown }[] {
    return this.told.filter((fact) => fact.sessionId === sessionId).map(({ type, payload }) => ({ type, payload }));
  }
}

@Controller()
export class FakeProvisioner {
  constructor(private readonly platform: FakePlatform) {}

  @HandleRpc(rpcs.provisioner.endSession)
  async endSession(request: EndSession): Promise<{ ended: boolean }> {
    const at = systemClock.now();
    this.platform.endRequests.push({ ...request, at });
    this.platform.beforeEnd(request.sessionId);
    const session = this.platform.sessions.get(request.sessionId);
    if (!session) throw new AppError('not_found', 'there is no such session');
    const isCurrent = session.expiryVersion === request.expiryVersion && session.state !== 'TERMINATING';
    const ended = isCurrent && !session.ended && new Date(session.expiresAt) <= at;
    if (ended) this.platform.change(request.sessionId, { state: 'TERMINATING' });
    return { ended };
  }

  @HandleRpc(rpcs.provisioner.resolveSession)
  async resolveSession({ sessionId }: ResolveSession): Promise<ResolvedSession> {
    if (this.platform.isProvisionerAway) throw new AppError('unavailable', 'the provisioner is away');
    const session = this.platform.sessions.get(sessionId);
    if (!session) throw new AppError('not_found', 'there is no such session');
    const { ownerId, state, target, expiresAt } = session;
    return { ...rpcs.provisioner.resolveSession.example.reply, sessionId, ownerId, state, target, expiresAt };
  }

  @HandleRpc(rpcs.provisioner.listDeadlines)
  async listDeadlines({ cursor, limit }: ListDeadlines): Promise<DeadlinePage> {
    if (cursor !== null && cursor === this.platform.failingCursor)
      throw new AppError('unavailable', 'the page is lost');
    const size = Math.min(limit, this.platform.pageSize);
    const ids = [...this.platform.sessions.keys()].toSorted().filter((id) => cursor === null || id > cursor);
    const items = ids.slice(0, size).flatMap((id) => this.platform.sessions.get(id) ?? []);
    return { items, nextCursor: ids.length > size ? (ids[size - 1] ?? null) : null };
  }
}

@Controller()
export class FakeMonitor {
  constructor(private readonly platform: FakePlatform) {}

  @HandleRpc(rpcs.monitor.verifyAbsence)
  async verifyAbsence({ sessionId }: VerifyAbsence): Promise<AbsenceReport> {
    if (this.platform.isMonitorAway) throw new AppError('unavailable', 'the target cannot be listed');
    return { at: systemClock.now().toISOString(), left: this.platform.left.get(sessionId) ?? [] };
  }

  @HandleFact(facts.sessionVerified)
  async sessionVerified(payload: unknown, { type, sessionId }: Envelope): Promise<void> {
    this.platform.told.push({ type, sessionId, payload });
  }

  @HandleFact(facts.sessionLeaked)
  async sessionLeaked(payload: unknown, { type, sessionId }: Envelope): Promise<void> {
    this.platform.told.push({ type, sessionId, payload });
  }
}
