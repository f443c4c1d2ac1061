import { type Envelope, type RequestOf, rpcs, type SessionView } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { HandleRpc } from '@nalabo/messaging';
import { aSessionView } from '@nalabo/testing';
import { Controller } from '@nestjs/common';

const { provisioner, executor, monitor, cleanup } = rpcs;

/** What reached the services, and what they know. */
class Platform {
  readonly asked: Envelope[] = [];
  readonly sessions = new Map<string, SessionView>();
  /** Whether the workshops that are stored are new. */
  creates = true;
  run: (request: RequestOf<typeof executor.runCommand>) => Promise<unknown> = () => Promise.resolve({});

  look: (request: RequestOf<typeof executor.getExecution>) => Promise<object> = () => Promise.resolve({});

  join: (request: RequestOf<typeof executor.joinExecution>) => Promise<unknown> = () =>
    Promise.resolve(executor.joinExecution.example.reply);

  apply: () => Promise<unknown> = () => Promise.resolve(executor.runApply.example.reply);

  find(sessionId: string, envelope: Envelope): SessionView {
    this.asked.push(envelope);
    const session = this.sessions.get(sessionId);
    if (session?.ownerId === envelope.actor.ownerId) return session;
    throw new AppError('not_found', `no session ${sessionId}`, { publicMessage: 'There is no such session.' });
  }
}
export const platform = new Platform();

@Controller()
export class PlatformController {
  private readonly created = new Map<string, SessionView>();

  @HandleRpc(provisioner.createSession)
  create(request: RequestOf<typeof provisioner.createSession>, envelope: Envelope) {
    platform.asked.push(envelope);
    const key = request.idempotency?.key;
    const known = key === undefined ? undefined : this.created.get(key);
    if (known) return Promise.resolve({ session: known, replayed: true });
    const { ownerId } = envelope.actor;
    const session = aSessionView({
      ownerId,
      workshopId: request.session.workshopId,
      state: 'REQUESTED',
      readyAt: null,
    });
    platform.sessions.set(session.id, session);
    if (key !== undefined) this.created.set(key, session);
    return Promise.resolve({ session, replayed: false });
  }

  @HandleRpc(provisioner.listSessions)
  list(_request: unknown, envelope: Envelope) {
    platform.asked.push(envelope);
    return Promise.resolve({ items: [...platform.sessions.values()], nextCursor: 'more' });
  }

  @HandleRpc(provisioner.getSession)
  async get({ sessionId }: { sessionId: string }, envelope: Envelope) {
    return platform.find(sessionId, envelope);
  }

  @HandleRpc(provisioner.deleteSession)
  async end({ sessionId }: { sessionId: string }, envelope: Envelope) {
    return { ...platform.find(sessionId, envelope), state: 'TERMINATING', reason: 'requested' } as const;
  }

  @HandleRpc(provisioner.extendSession)
  async extend({ sessionId }: { sessionId: string }, envelope: Envelope) {
    return platform.find(sessionId, envelope);
  }

  @HandleRpc(provisioner.listWorkshops)
  workshops() {
    return Promise.resolve(provisioner.listWorkshops.example.reply as never);
  }

  @HandleRpc(provisioner.getWorkshop)
  workshop() {
    return Promise.resolve(provisioner.getWorkshop.example.reply as never);
  }

  @HandleRpc(provisioner.putWorkshop)
  putWorkshop(request: RequestOf<typeof provisioner.putWorkshop>, envelope: Envelope) {
    platform.asked.push(envelope);
    return Promise.resolve({
      ...(provisioner.putWorkshop.example.reply as object),
      created: platform.creates,
    } as never);
  }

  @HandleRpc(provisioner.deleteWorkshop)
  deleteWorkshop(_request: unknown, envelope: Envelope) {
    platform.asked.push(envelope);
    return Promise.resolve({});
  }

  @HandleRpc(provisioner.listTargets)
  targets() {
    return Promise.resolve(provisioner.listTargets.example.reply as never);
  }

  @HandleRpc(executor.runCommand)
  async run(request: RequestOf<typeof executor.runCommand>, envelope: Envelope) {
    platform.find(request.sessionId, envelope);
    const { executionId, sessionId, command } = request;
    const result = (await platform.run(request)) as object;
    return { ...(executor.runCommand.example.reply as object), executionId, sessionId, command, ...result } as never;
  }

  @HandleRpc(executor.getExecution)
  async execution(request: RequestOf<typeof executor.getExecution>, envelope: Envelope) {
    platform.find(request.sessionId, envelope);
    return { ...(executor.getExecution.example.reply as object), ...(await platform.look(request)) } as never;
  }

  @HandleRpc(executor.joinExecution)
  async join(request: RequestOf<typeof executor.joinExecution>, envelope: Envelope) {
    platform.find(request.sessionId, envelope);
    return (await platform.join(request)) as never;
  }

  @HandleRpc(executor.cancelExecution)
  async cancel({ sessionId, executionId }: { sessionId: string; executionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return { ...(executor.cancelExecution.example.reply as object), sessionId, executionId } as never;
  }

  @HandleRpc(executor.listExecutions)
  async executions({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return executor.listExecutions.example.reply as never;
  }

  @HandleRpc(executor.runApply)
  async apply({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return (await platform.apply()) as never;
  }

  @HandleRpc(executor.listApplies)
  async applies({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return executor.listApplies.example.reply as never;
  }

  @HandleRpc(executor.rollbackApply)
  async rollback({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return executor.rollbackApply.example.reply as never;
  }

  @HandleRpc(executor.runChecks)
  async runChecks({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return executor.runChecks.example.reply as never;
  }

  @HandleRpc(executor.listChecks)
  async listChecks({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return executor.listChecks.example.reply as never;
  }

  @HandleRpc(executor.getKubeconfig)
  async kubeconfig({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return executor.getKubeconfig.example.reply as never;
  }

  @HandleRpc(monitor.sessionMetrics)
  async metrics({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return monitor.sessionMetrics.example.reply as never;
  }

  @HandleRpc(monitor.sessionHealth)
  async health({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return monitor.sessionHealth.example.reply as never;
  }

  @HandleRpc(cleanup.getReceipt)
  async receipt({ sessionId }: { sessionId: string }, envelope: Envelope) {
    platform.find(sessionId, envelope);
    return cleanup.getReceipt.example.reply as never;
  }
}

@Controller()
export class TargetHealthController {
  @HandleRpc(monitor.targetHealth)
  targets() {
    return Promise.resolve(monitor.targetHealth.example.reply as never);
  }
}
