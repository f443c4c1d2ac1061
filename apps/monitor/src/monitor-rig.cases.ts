import { type Actor, type ReplyOf, type RequestOf, type Rpc, rpcs } from '@nalabo/contracts';
import { MemoryTarget, sessionObjectName, TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, newId, newSessionId, type SessionId, systemClock } from '@nalabo/kernel';
import { HandleRpc, MessagingModule, RpcClient } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { prepareDatabase } from '@nalabo/persistence';
import { anActor, eventually, startTestNats, startTestPostgres } from '@nalabo/testing';
import { Controller, type INestApplication } from '@nestjs/common';
import pg from 'pg';
import { MonitorModule } from './monitor.module.js';
import type { ResolvedSession } from './sessions/session-lookup.js';
import { TargetLeases } from './targets/target-leases.js';
import { TargetSweep } from './targets/target-sweep.js';

type Deadlines = ReplyOf<typeof rpcs.provisioner.listDeadlines>;

export const learner = anActor();
const sessions = new Map<string, ResolvedSession>();
const endings = new Map<string, Date>();

/** The provisioner as the monitor sees it, one session to a page. */
@Controller()
class SessionsOfTheTest {
  @HandleRpc(rpcs.provisioner.resolveSession)
  resolve({ sessionId }: { sessionId: string }): Promise<ResolvedSession> {
    const session = sessions.get(sessionId);
    return session ? Promise.resolve(session) : Promise.reject(new AppError('not_found', `no session ${sessionId}`));
  }

  @HandleRpc(rpcs.provisioner.listDeadlines)
  deadlines({ cursor }: { cursor: string | null }): Promise<Deadlines> {
    const position = Number(cursor ?? 0);
    const items = [...sessions.values()].slice(position, position + 1).map((session) => {
      const at = endings.get(session.sessionId)?.toISOString();
      const ended = at === undefined ? null : { at, reason: 'requested' as const, removed: [] };
      return { ...session, expiryVersion: 1, ended };
    });
    return Promise.resolve({ items, nextCursor: position + 1 < sessions.size ? String(position + 1) : null });
  }
}

class ProvisionerOfTheTest {}

/** One monitor on real PostgreSQL and NATS, a memory target, and a provisioner that says what the test wants. */
export async function startMonitorRig() {
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  const adminUrl = await postgres.createDatabase();
  const role = { schema: 'monitor', role: 'monitor', password: newId() };
  const databaseUrl = await prepareDatabase({ adminUrl, ...role });
  const target = new MemoryTarget();
  const database = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=monitor' });
  const startMonitor = (): Promise<INestApplication> => {
    const targets = new TargetRegistry([target]);
    return startApplication(MonitorModule.forRoot({ databaseUrl, natsUrl: nats.url, replica: newId(), targets }));
  };
  const provisioner = await startApplication({
    module: ProvisionerOfTheTest,
    imports: [MessagingModule.forRoot({ url: nats.url, service: 'provisioner', instance: newId() })],
    controllers: [SessionsOfTheTest],
  });
  const monitor = await startMonitor();
  await database.connect();
  const rpc = provisioner.get(RpcClient);
  const ask = <Contract extends Rpc>(contract: Contract, request: RequestOf<Contract>, actor: Actor = learner) =>
    rpc.request(contract, request, { actor, correlationId: newId() });
  const rig = {
    target,
    database,
    monitor,
    startMonitor,
    ask,
    /** One pass over the target, now. */
    sample: async (): Promise<void> => {
      for (const lease of monitor.get(TargetLeases).current()) await monitor.get(TargetSweep).sweep(lease);
    },
    /** Something that was applied and runs beside the workbench. */
    addService: (sessionId: SessionId, service: string): void => {
      const workbench = target.backend.object('container', sessionObjectName(sessionId));
      const labels = { ...workbench?.labels, 'io.nalabo.part': `service/${service}` };
      target.backend.addObject({ kind: 'container', name: sessionObjectName(sessionId, `s-${service}`), labels });
    },
    aSession: (overrides: Partial<ResolvedSession> = {}) => addSession(target, overrides),
    /** Ends a session in the provisioner's books, and on the target unless it is to be left behind. */
    endSession: async (sessionId: SessionId, minutesAgo: number, leave = false): Promise<void> => {
      const session = sessions.get(sessionId);
      if (session) sessions.set(sessionId, { ...session, state: 'TERMINATED', expired: true });
      endings.set(sessionId, new Date(systemClock.now().getTime() - minutesAgo * 60_000));
      if (!leave) await target.lifecycle.destroy({ sessionId, generation: 1 }, AbortSignal.timeout(5000));
    },
    forget: (sessionId: SessionId): void => void sessions.delete(sessionId),
    stop: async (): Promise<void> => {
      await monitor.close();
      await provisioner.close();
      await database.end();
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
  await eventually(async () => {
    const { items } = await ask(rpcs.monitor.targetHealth, {});
    if (items.length === 0) throw new Error('the target was not probed yet');
  });
  return rig;
}

export type MonitorRig = Awaited<ReturnType<typeof startMonitorRig>>;

async function addSession(target: MemoryTarget, overrides: Partial<ResolvedSession>): Promise<SessionId> {
  const sessionId = newSessionId();
  const session: ResolvedSession = {
    sessionId,
    ownerId: learner.ownerId,
    workshopId: 'first-steps',
    workshopRevision: 1,
    state: 'READY',
    expired: false,
    target: 'memory',
    targetKind: 'memory',
    generation: 1,
    expiresAt: '2036-01-01T00:00:00.000Z',
    limits: { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 10 * 2 ** 30 },
    ...overrides,
  };
  sessions.set(sessionId, session);
  const { generation, workshopId, limits } = session;
  const spec = {
    sessionId,
    generation,
    workshopId,
    limits,
    environment: {},
    endsByEpochSeconds: 2e9,
    subnetIndex: 0,
    isolation: null,
    applied: null,
    initial: null,
  };
  await target.lifecycle.ensure(spec, AbortSignal.timeout(5000));
  return sessionId;
}
