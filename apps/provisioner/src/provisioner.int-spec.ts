import {
  facts,
  rpcs,
  type CreateSession,
  type ReplyOf,
  type RequestOf,
  type Rpc,
  type SessionView,
} from '@nalabo/contracts';
import type { MemoryTarget } from '@nalabo/infrastructure-port';
import type { SessionId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alice, bob, instructor, type ProvisionerRig, startProvisionerRig } from './provisioner-rig.cases.js';

const { provisioner } = rpcs;

let rig: ProvisionerRig;
let target: MemoryTarget;
beforeAll(async () => {
  rig = await startProvisionerRig();
  target = rig.target;
});
afterEach(() => rig.clear());
afterAll(() => rig.stop());

const ask = <Contract extends Rpc>(
  rpc: Contract,
  payload: RequestOf<Contract>,
  actor = alice,
): Promise<ReplyOf<Contract>> => rig.ask(rpc, payload, actor);
const create = (session: Partial<CreateSession> = {}, actor = alice): Promise<SessionView> =>
  rig.create(session, actor);
const get = (sessionId: string, actor = alice): Promise<SessionView> => rig.get(sessionId, actor);
const reaching = (sessionId: string, state: SessionView['state']): Promise<SessionView> =>
  rig.reaching(sessionId, state);
const sql = <T>(statement: string, parameters: unknown[] = []): Promise<T> => rig.sql(statement, parameters);
/** The building of it takes four seconds: nobody who watches it misses that. */
const createSlowly = async (): Promise<string> => {
  target.backend.faults.slowMilliseconds = 500;
  const { id } = await create();
  await reaching(id, 'PROVISIONING');
  return id;
};

describe('a session', () => {
  it('becomes ready with its steps, and ends without a trace when it is deleted, twice', async () => {
    const { id, state, resources } = await create();
    expect({ state, resources }).toEqual({
      state: 'REQUESTED',
      resources: { cpu: '1000m', memory: '2Gi', storage: '10Gi' },
    });
    const ready = await reaching(id, 'READY');
    expect(ready.progress.map(({ step }) => step)).toContain('network');
    await ask(provisioner.deleteSession, { sessionId: id });
    const ended = await reaching(id, 'TERMINATED');
    expect(ended).toMatchObject({ reason: 'requested', remainingSeconds: 0 });
    expect((await ask(provisioner.deleteSession, { sessionId: id })).state).toBe('TERMINATED');
    const history = await sql<{ type: string; sequence: number }[]>(
      'select type, sequence from session_events where session_id = $1 order by sequence',
      [id],
    );
    expect(history.map(({ type }) => type)).toEqual([
      facts.sessionRequested.type,
      facts.sessionProvisioning.type,
      facts.sessionReady.type,
      facts.sessionTerminating.type,
      facts.sessionTerminated.type,
    ]);
    expect(history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    const { items } = await ask(provisioner.listDeadlines, { cursor: null, limit: 500 });
    expect(items.find(({ sessionId }) => sessionId === id)?.ended?.removed.length).toBeGreaterThan(0);
  });

  it('ends by itself when its time is over, with nobody telling it', async () => {
    const { id } = await create();
    await reaching(id, 'READY');
    await rig.expireNow(id);
    expect(await reaching(id, 'TERMINATED')).toMatchObject({ reason: 'expired' });
  });

  it('ends for cleanup only in the current version of an expiry that has passed', async () => {
    const { id } = await create();
    await reaching(id, 'READY');
    expect(await ask(provisioner.endSession, { sessionId: id, expiryVersion: 1 })).toEqual({ ended: false });
    const extended = await ask(provisioner.extendSession, { sessionId: id, duration: 90 });
    expect(extended.remainingSeconds).toBeGreaterThan(89 * 60);
    await rig.expireNow(id);
    expect(await ask(provisioner.endSession, { sessionId: id, expiryVersion: 2 })).toEqual({ ended: true });
    await reaching(id, 'TERMINATED');
    await expect(ask(provisioner.extendSession, { sessionId: id, duration: 60 })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('refuses an extension that changes nothing', async () => {
    const { id } = await create({ duration: 120 });
    await expect(ask(provisioner.extendSession, { sessionId: id, duration: 120 })).rejects.toMatchObject({
      kind: 'unprocessable',
    });
  });

  it('is gone after a delete in the middle of its creation', async () => {
    const id = await createSlowly();
    await ask(provisioner.deleteSession, { sessionId: id });
    target.backend.faults.slowMilliseconds = 0;
    await reaching(id, 'TERMINATED');
  });

  it('is restarted when its workbench dies', async () => {
    const { id } = await create();
    await reaching(id, 'READY');
    await target.backend.killWorkbench(id as SessionId);
    await eventually(async () => {
      const [row] = await sql<{ restarts: number }[]>('select restarts from sessions where id = $1', [id]);
      expect(row?.restarts).toBe(1);
    });
    const ref = { sessionId: id as SessionId, generation: 1 };
    await eventually(async () =>
      expect(await target.observe.observe(ref, AbortSignal.timeout(1000))).toMatchObject({ readiness: 'ready' }),
    );
    expect(await get(id)).toMatchObject({ state: 'READY' });
  });

  it('fails when its workbench dies once too often', async () => {
    const { id } = await create();
    await reaching(id, 'READY');
    await sql('update sessions set restarts = 3 where id = $1', [id]);
    await target.backend.killWorkbench(id as SessionId);
    expect(await reaching(id, 'FAILED')).toMatchObject({ reason: 'failed' });
  });

  it('keeps the reason of its owner when it is deleted while something else would end it', async () => {
    const id = await createSlowly();
    expect(await ask(provisioner.deleteSession, { sessionId: id })).toMatchObject({
      state: 'TERMINATING',
      reason: 'requested',
    });
    target.backend.faults.slowMilliseconds = 0;
    const history = await eventually(async () => {
      const rows = await sql<{ type: string }[]>('select type from session_events where session_id = $1', [id]);
      expect(rows.map(({ type }) => type)).toContain(facts.sessionTerminated.type);
      return rows.map(({ type }) => type);
    });
    expect(history).not.toContain(facts.sessionReady.type);
  });

  it('ends although its target is away, and is removed when the target is back', async () => {
    const { id } = await create();
    await reaching(id, 'READY');
    target.backend.faults.unavailable = true;
    await rig.expireNow(id);
    expect(await reaching(id, 'TERMINATING')).toMatchObject({ reason: 'expired' });
    await eventually(async () => expect((await get(id)).lastError).toContain('switched off'));
    target.backend.faults.unavailable = false;
    await reaching(id, 'TERMINATED');
  });

  it('is built once although the replies of the target are lost', async () => {
    // This probes the target, so that the next creation gets past placement.
    await create();
    target.backend.faults.loseReply = true;
    const { id } = await create();
    await eventually(async () => expect((await get(id)).lastError).not.toBeNull());
    target.backend.faults.loseReply = false;
    await reaching(id, 'READY');
  });

  it('is carried on by another replica when its own ends', async () => {
    const id = await createSlowly();
    await rig.stopReplicas();
    target.backend.faults.slowMilliseconds = 0;
    await rig.startReplica();
    await eventually(async () => expect(await get(id)).toMatchObject({ state: 'READY' }));
  });
});

describe('access', () => {
  it('shows a foreign and a missing session as the same error', async () => {
    const { id } = await create();
    const missing = 'a'.repeat(26);
    for (const rpc of [provisioner.getSession, provisioner.deleteSession]) {
      await expect(ask(rpc, { sessionId: id }, bob)).rejects.toMatchObject({
        kind: 'not_found',
        message: `session ${id} does not exist`,
      });
      await expect(ask(rpc, { sessionId: missing }, bob)).rejects.toMatchObject({ kind: 'not_found' });
    }
    expect((await get(id, instructor)).id).toBe(id);
    await expect(ask(provisioner.deleteSession, { sessionId: id }, instructor)).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('lists an owner their own sessions, page by page, and an instructor all', async () => {
    const mine = [await create(), await create(), await create()].map(({ id }) => id);
    const foreign = await create({}, bob);
    const first = await ask(provisioner.listSessions, { cursor: null, limit: 2, state: null });
    const second = await ask(provisioner.listSessions, { cursor: first.nextCursor, limit: 2, state: null });
    const listed = [...first.items, ...second.items].map(({ id }) => id);
    expect(listed.slice(0, 3)).toEqual(mine.toReversed());
    expect(listed).not.toContain(foreign.id);
    const all = await ask(provisioner.listSessions, { cursor: null, limit: 200, state: null }, instructor);
    expect(all.items.map(({ id }) => id)).toContain(foreign.id);
  });
});

describe('admission', () => {
  it('refuses one live session too many and makes room when one ends', async () => {
    const sessions = await Promise.all(Array.from({ length: 5 }, () => create()));
    await expect(create()).rejects.toMatchObject({ kind: 'exhausted', details: { retryAfterSeconds: 60 } });
    await ask(provisioner.deleteSession, { sessionId: sessions[0]?.id ?? '' });
    await reaching(sessions[0]?.id ?? '', 'TERMINATED');
    await create();
  });

  it('keeps the limit against requests at the same moment', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => create({}, bob)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('gives every live session of a target its own subnet', async () => {
    await Promise.all(Array.from({ length: 5 }, () => create()));
    const rows = await sql<{ count: string; subnets: string }[]>(
      `select count(*) as count, count(distinct subnet_index) as subnets from sessions where state <> 'TERMINATED'`,
    );
    expect(rows[0]?.count).toBe(rows[0]?.subnets);
  });

  it.each([
    [{ workshopId: 'unknown' }, 'workshopId'],
    [{ infrastructureType: 'kubernetes' as const }, 'infrastructureType'],
    [{ target: 'elsewhere' }, 'target'],
    [{ duration: 121 }, 'duration'],
  ])('refuses %j, naming the field, and creates nothing', async (session, field) => {
    const before = await sql<{ count: string }[]>('select count(*) as count from sessions');
    await expect(create(session)).rejects.toMatchObject({ kind: 'unprocessable', details: { field } });
    expect(await sql('select count(*) as count from sessions')).toEqual(before);
  });
});

describe('an idempotency key', () => {
  const keyed = (key: string, digest: string): Promise<ReplyOf<typeof provisioner.createSession>> =>
    ask(provisioner.createSession, { session: { workshopId: 'first-steps' }, idempotency: { key, digest } });

  it('makes one session of twenty requests at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => keyed('k1', 'd1')));
    expect(new Set(answers.map(({ session }) => session.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('refuses another body', async () => {
    await keyed('k2', 'd1');
    await expect(keyed('k2', 'd2')).rejects.toMatchObject({ kind: 'unprocessable' });
  });
});

describe('the list of targets', () => {
  const preflight = async (actor: typeof alice) => {
    const { items } = await ask(provisioner.listTargets, {}, actor);
    return items[0]?.preflight;
  };

  it('shows administrators what the last examination found, and nobody else', async () => {
    const report = await eventually(async () => {
      const found = await preflight(anActor({ role: 'admin' }));
      expect(found).not.toBeNull();
      return found;
    });
    expect(report).toEqual({ at: expect.any(String), findings: target.backend.preflight });
    expect(await preflight(alice)).toBeNull();
    expect(await preflight(instructor)).toBeNull();
  });
});
