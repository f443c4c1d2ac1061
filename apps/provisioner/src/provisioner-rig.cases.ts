import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rpcs, type CreateSession, type ReplyOf, type RequestOf, type Rpc, type SessionView } from '@nalabo/contracts';
import { MemoryTarget, TargetRegistry } from '@nalabo/infrastructure-port';
import { newId } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { prepareDatabase, Transaction } from '@nalabo/persistence';
import { defaultAdmissionLimits } from '@nalabo/session';
import { anActor, eventually, startTestNats, startTestPostgres } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { expect } from 'vitest';
import { ProvisionerModule } from './provisioner.module.js';
import { WorkshopLoader } from './workshops/workshop-loader.js';

const { provisioner } = rpcs;

export const alice = anActor({ ownerId: 'alice' });
export const bob = anActor({ ownerId: 'bob' });
export const instructor = anActor({ ownerId: 'ines', role: 'instructor' });

const workshop = [
  'id: first-steps',
  'title: First steps',
  'infrastructure: [docker]',
  'durationMinutes: { default: 60, maximum: 120 }',
  'images: ["nginx:alpine"]',
].join('\n');

/** One workshop and one memory target; as many replicas of the provisioner on real PostgreSQL and NATS as a test wants. */
export async function startProvisionerRig() {
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  const folder = await mkdtemp(join(tmpdir(), 'nalabo-workshops-'));
  await mkdir(join(folder, 'first-steps'));
  await writeFile(join(folder, 'first-steps', 'workshop.yaml'), workshop);
  const adminUrl = await postgres.createDatabase();
  const databaseUrl = await prepareDatabase({
    adminUrl,
    schema: 'provisioner',
    role: 'provisioner',
    password: newId(),
  });
  const target = new MemoryTarget({ instance: newId() });
  const replicas: INestApplication[] = [];
  const first = (): INestApplication => {
    const [replica] = replicas;
    if (!replica) throw new Error('no replica is running');
    return replica;
  };
  const rig = {
    target,
    startReplica: async (): Promise<INestApplication> => {
      const module = ProvisionerModule.forRoot({
        databaseUrl,
        natsUrl: nats.url,
        replica: newId(),
        workshopsFolder: folder,
        targets: new TargetRegistry([target]),
        limits: { ...defaultAdmissionLimits, createsPerMinutePerOwner: 40 },
      });
      const app = await startApplication(module);
      replicas.push(app);
      return app;
    },
    /** Resolves when the shipped workshops were read. */
    isLoaded: (): Promise<unknown> =>
      eventually(() => expect(first().get(WorkshopLoader).connectionState()).toMatchObject({ ready: true })),
    stopReplicas: async (): Promise<void> => {
      for (const app of replicas.splice(0)) await app.close();
    },
    ask: async <Contract extends Rpc>(
      rpc: Contract,
      payload: RequestOf<Contract>,
      actor = alice,
    ): Promise<ReplyOf<Contract>> => first().get(RpcClient).request(rpc, payload, { actor, correlationId: 'test' }),
    sql: <T>(statement: string, parameters: unknown[] = []): Promise<T> =>
      first()
        .get(Transaction)
        .run((manager) => manager.query<T>(statement, parameters)),
    create: async (session: Partial<CreateSession> = {}, actor = alice): Promise<SessionView> => {
      const request = { session: { workshopId: 'first-steps', ...session }, idempotency: null };
      return (await rig.ask(provisioner.createSession, request, actor)).session;
    },
    get: (sessionId: string, actor = alice): Promise<SessionView> =>
      rig.ask(provisioner.getSession, { sessionId }, actor),
    reaching: (sessionId: string, state: SessionView['state']): Promise<SessionView> =>
      eventually(async () => {
        const session = await rig.get(sessionId);
        expect(session).toMatchObject({ state });
        return session;
      }),
    expireNow: (sessionId: string): Promise<unknown> =>
      rig.sql(`update sessions set expires_at = now(), next_look_at = now() where id = $1`, [sessionId]),
    /** Ends what a test has left, and every fault with it. */
    clear: async (): Promise<void> => {
      const healthy = { unavailable: false, failEnsureAtStep: null, loseReply: false, slowMilliseconds: 0 };
      Object.assign(target.backend.faults, healthy);
      if (replicas.length === 0) await rig.startReplica();
      const { items } = await eventually(() =>
        rig.ask(provisioner.listSessions, { cursor: null, limit: 200, state: null }, instructor),
      );
      const admin = anActor({ ownerId: 'root', role: 'admin' });
      for (const { id, state } of items)
        if (!['TERMINATED', 'FAILED'].includes(state))
          await rig.ask(provisioner.deleteSession, { sessionId: id }, admin);
      await eventually(async () => expect(await target.observe.list(AbortSignal.timeout(1000))).toEqual([]));
    },
    stop: async (): Promise<void> => {
      await rig.stopReplicas();
      await Promise.all([postgres.stop(), nats.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
  await rig.startReplica();
  await eventually(async () =>
    expect((await rig.ask(provisioner.getWorkshop, { workshopId: 'first-steps' })).revision).toBe(1),
  );
  return rig;
}

export type ProvisionerRig = Awaited<ReturnType<typeof startProvisionerRig>>;
