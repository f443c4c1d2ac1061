import {
  type Actor,
  type CheckDefinition,
  checkDefinitionSchema,
  type CheckRunView,
  type Envelope,
  type ExecutionView,
  facts,
  factSubject,
  type OutputFrame,
  outputFrameSchema,
  outputSubject,
  type PayloadOf,
  type RequestOf,
  rpcs,
  type SessionFact,
} from '@nalabo/contracts';
import { type InfrastructureTarget, MemoryBackend, MemoryTarget, TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, newExecutionId, newId, newSessionId, type SessionId, systemClock } from '@nalabo/kernel';
import {
  FactFeed,
  FactPublisher,
  HandleRpc,
  LiveFeed,
  makeEnvelope,
  MessagingModule,
  RpcClient,
} from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { prepareDatabase } from '@nalabo/persistence';
import { anActor, eventually, startTestNats, startTestPostgres } from '@nalabo/testing';
import { Controller } from '@nestjs/common';
import pg from 'pg';
import type { ResolvedSession } from './access/state-gate.js';
import { applyCalls } from './apply/apply-calls.cases.js';
import { LendingProvisioner } from './apply/lending-provisioner.cases.js';
import { ExecutorModule } from './executor.module.js';

const { sessionTerminated } = facts;
export const learner = anActor();
type RunRequest = RequestOf<typeof rpcs.executor.runCommand>;

type ListRequest = Pick<RequestOf<typeof rpcs.executor.listExecutions>, 'cursor' | 'limit'> &
  Partial<RequestOf<typeof rpcs.executor.listExecutions>>;

interface ExecutionPlace {
  readonly sessionId: string;
  readonly executionId: string;
}

/** Who is to answer; nobody in particular unless told otherwise. */
const anyInstance: { readonly instance?: string } = {};

const sessions = new Map<string, ResolvedSession>();
const checksOfWorkshops = new Map<string, CheckDefinition[]>();
const askedChecks: RequestOf<typeof rpcs.provisioner.getWorkshopChecks>[] = [];

/** The provisioner as the executor sees it. */
@Controller()
class SessionsOfTheTest {
  @HandleRpc(rpcs.provisioner.resolveSession)
  resolve({ sessionId }: { sessionId: string }): Promise<ResolvedSession> {
    const session = sessions.get(sessionId);
    return session ? Promise.resolve(session) : Promise.reject(new AppError('not_found', `no session ${sessionId}`));
  }

  @HandleRpc(rpcs.provisioner.getWorkshopChecks)
  checks(request: RequestOf<typeof rpcs.provisioner.getWorkshopChecks>): Promise<{ checks: CheckDefinition[] }> {
    askedChecks.push(request);
    return Promise.resolve({ checks: checksOfWorkshops.get(request.workshopId) ?? [] });
  }
}

class ProvisionerOfTheTest {}

/** One executor on real PostgreSQL and NATS, a memory target, and a provisioner that says what the test wants. */
export async function startExecutorRig(others: readonly InfrastructureTarget[] = [], backend = new MemoryBackend()) {
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  const adminUrl = await postgres.createDatabase();
  const role = { schema: 'executor', role: 'executor', password: newId() };
  const databaseUrl = await prepareDatabase({ adminUrl, ...role });
  const target = new MemoryTarget({ backend });
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=executor' });
  const targets = new TargetRegistry([target, ...others]);
  const provisioner = await startApplication({
    module: ProvisionerOfTheTest,
    imports: [MessagingModule.forRoot({ url: nats.url, service: 'provisioner', instance: newId() })],
    controllers: [SessionsOfTheTest, LendingProvisioner],
  });
  const startExecutor = (replica: string) =>
    startApplication(ExecutorModule.forRoot({ databaseUrl, natsUrl: nats.url, replica, targets }));
  const replica = newId();
  const executor = await startExecutor(replica);
  await client.connect();
  const rpc = provisioner.get(RpcClient);
  const context = (actor: Actor) => ({ actor, correlationId: newId() });
  const publish = async <Fact extends SessionFact>(fact: Fact, payload: PayloadOf<Fact>, sessionId: string) => {
    const envelope = makeEnvelope(fact, payload, { ...context(learner), sessionId }, systemClock);
    await provisioner.get(FactPublisher).publish(factSubject(fact, sessionId), envelope, envelope.id);
  };
  const rig = {
    target,
    database: client,
    executor,
    /** The name of `executor` among the executors. */
    replica,
    nats,
    startExecutor,
    finishedFacts: [] as Envelope[],
    appliedFacts: [] as Envelope[],
    checkFacts: [] as Envelope[],
    askedChecks,
    run: (sessionId: string, request: Partial<RunRequest>, actor = learner, instance = anyInstance) =>
      rpc.request(rpcs.executor.runCommand, aRun(sessionId, request), {
        ...context(actor),
        ...instance,
        timeoutMs: 50_000,
      }),
    join: (place: ExecutionPlace, after = -1, instance = anyInstance) =>
      rpc.request(rpcs.executor.joinExecution, { ...place, after }, { ...context(learner), ...instance }),
    cancel: (place: ExecutionPlace, instance = anyInstance): Promise<ExecutionView> =>
      rpc.request(rpcs.executor.cancelExecution, place, { ...context(learner), ...instance }),
    /** The frames that are published of an execution from now on. */
    follow: async (executionId: string): Promise<OutputFrame[]> => {
      const frames: OutputFrame[] = [];
      const parse = (data: unknown): OutputFrame => outputFrameSchema.parse(data);
      const subject = outputSubject(executionId);
      await provisioner.get(LiveFeed).subscribe(subject, parse, (frame) => frames.push(frame)).ready;
      return frames;
    },
    get: (sessionId: string, executionId: string, actor = learner) =>
      rpc.request(rpcs.executor.getExecution, { sessionId, executionId }, context(actor)),
    list: (sessionId: string, page: ListRequest, actor = learner) =>
      rpc.request(rpcs.executor.listExecutions, { sessionId, state: null, outcome: null, ...page }, context(actor)),
    ...applyCalls(rpc),
    runChecks: (sessionId: string, checkIds: string[] | null = null, actor = learner): Promise<CheckRunView> =>
      rpc.request(rpcs.executor.runChecks, { sessionId, checkIds }, { ...context(actor), timeoutMs: 50_000 }),
    listChecks: (sessionId: string, actor = learner) =>
      rpc.request(rpcs.executor.listChecks, { sessionId }, context(actor)),
    /** A session of a workshop that has these checks and no other session. */
    aSessionWith: async (checks: Partial<CheckDefinition>[], overrides: Partial<ResolvedSession> = {}) => {
      const { workshopId = newId() } = overrides;
      checksOfWorkshops.set(workshopId, checks.map(aCheck));
      return rig.aSession({ ...overrides, workshopId });
    },
    /** Makes a session known to the provisioner, and real on the target unless told otherwise. */
    aSession: async (overrides: Partial<ResolvedSession> = {}): Promise<SessionId> => {
      const session = aResolvedSession(overrides);
      sessions.set(session.sessionId, session);
      await target.lifecycle.ensure({ ...specOf(session) }, AbortSignal.timeout(5000));
      return session.sessionId as SessionId;
    },
    /** A workbench that was killed and is there again, without a word to the executor. */
    restartWorkbench: async (sessionId: SessionId): Promise<void> => {
      const session = sessions.get(sessionId);
      await target.backend.removeWorkbench(sessionId);
      if (session) await target.lifecycle.ensure(specOf(session), AbortSignal.timeout(5000));
    },
    change: (sessionId: string, overrides: Partial<ResolvedSession>): void => {
      const session = sessions.get(sessionId);
      if (session) sessions.set(sessionId, { ...session, ...overrides });
    },
    /** Publishes that the session is being ended, as the provisioner does. */
    announceEnd: (sessionId: string): Promise<void> =>
      publish(facts.sessionTerminating, { reason: 'requested' }, sessionId),
    /** Publishes that the session has ended, as the provisioner does. */
    announceTermination: (sessionId: string): Promise<void> =>
      publish(sessionTerminated, sessionTerminated.payload.parse(sessionTerminated.example), sessionId),
    /** Publishes that the session is ready, as the provisioner does. */
    announceReady: (sessionId: string): Promise<void> => publish(facts.sessionReady, { provisioningMs: 1 }, sessionId),
    stop: async (): Promise<void> => {
      await executor.close();
      await provisioner.close();
      for (const sessionId of sessions.keys()) {
        await target.lifecycle.destroy({ sessionId: sessionId as SessionId, generation: 1 }, AbortSignal.timeout(5000));
      }
      await client.end();
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
  // A fact may come twice; by its id it is the same.
  const keepIn = (told: Envelope[]) => (fact: Envelope) => {
    if (!told.some(({ id }) => id === fact.id)) told.push(fact);
  };
  provisioner.get(FactFeed).subscribeFacts({ fact: facts.executionFinished.fact }, keepIn(rig.finishedFacts));
  provisioner.get(FactFeed).subscribeFacts({ fact: facts.sessionApplied.fact }, keepIn(rig.appliedFacts));
  provisioner.get(FactFeed).subscribeFacts({ fact: facts.checkFinished.fact }, keepIn(rig.checkFacts));
  await eventually(async () => rig.list(await rig.aSession(), { cursor: null, limit: 1 }));
  return rig;
}

export type ExecutorRig = Awaited<ReturnType<typeof startExecutorRig>>;

function aRun(sessionId: string, overrides: Partial<RunRequest>): RunRequest {
  return {
    executionId: newExecutionId(),
    sessionId,
    command: ['true'],
    timeoutMs: 20_000,
    cwd: null,
    env: {},
    stdin: null,
    wait: true,
    live: false,
    idempotency: null,
    ...overrides,
  };
}

/** One that passes, unless told otherwise. */
function aCheck(overrides: Partial<CheckDefinition>, index: number): CheckDefinition {
  return checkDefinitionSchema.parse({ id: `check-${index}`, title: `Check ${index}`, script: 'true', ...overrides });
}

function aResolvedSession(overrides: Partial<ResolvedSession>): ResolvedSession {
  return {
    sessionId: newSessionId(),
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
}

function specOf({ sessionId, generation, workshopId, limits }: ResolvedSession) {
  return {
    sessionId: sessionId as SessionId,
    generation,
    workshopId,
    limits,
    environment: {},
    endsByEpochSeconds: 2_000_000_000,
    subnetIndex: 0,
    isolation: null,
    applied: null,
    initial: null,
  };
}
