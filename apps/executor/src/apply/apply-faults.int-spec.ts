import { newId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ExecutorRig, learner, startExecutorRig } from '../executor-rig.cases.js';
import { ApplyHistory } from './apply-history.js';
import { ApplyingTarget } from './applying-target.cases.js';
import { lentSession } from './lending-provisioner.cases.js';

let rig: ExecutorRig;
const applying = new ApplyingTarget();
beforeAll(async () => {
  rig = await startExecutorRig([applying.target]);
});
afterAll(() => rig.stop());
beforeEach(() => {
  applying.gate = Promise.resolve();
});

const aSession = () => rig.aSession({ target: 'applying' });
const rowsOf = async (sessionId: string) =>
  (await rig.database.query('SELECT * FROM applies WHERE session_id = $1 ORDER BY position', [sessionId])).rows;
/** Holds applies where they plan, until it is called. */
function holdApplies(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  applying.gate = promise;
  return resolve;
}
const running = (sessionId: string) =>
  eventually(async () => expect((await rowsOf(sessionId)).at(-1)).toMatchObject({ state: 'running' }));

describe('the apply of an executor that died', () => {
  const left = (sessionId: string, startedAt: string, runningUntil: string, applyId = newId()): Promise<unknown> =>
    rig.database.query(
      `INSERT INTO applies (apply_id, session_id, actor, type, digest, dry_run, state, started_at, running_until)
       VALUES ($4, $1, $5, 'yaml', 'd', false, 'running', now() - $2::interval, now() + $3::interval)`,
      [sessionId, startedAt, runningUntil, applyId, JSON.stringify(learner)],
    );

  it('has failed when its time is over, though nothing more is applied in the session', async () => {
    const [dead, alive] = [await aSession(), await aSession()];
    await left(dead, '2 minutes', '-1 minute');
    await left(alive, '0', '1 minute');
    await eventually(async () => expect(await rowsOf(dead)).toMatchObject([{ state: 'failed' }]));
    expect(await rowsOf(alive)).toMatchObject([{ state: 'running' }]);
  });

  it('holds up no other while it is looked after', async () => {
    const [slow, other] = [await aSession(), await aSession()];
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    lentSession(slow).beforeBegin = () => {
      asked.resolve();
      return answer.promise;
    };
    await left(slow, '2 minutes', '-1 minute');
    await asked.promise;
    await left(other, '2 minutes', '-1 minute');
    await eventually(async () => expect(await rowsOf(other)).toMatchObject([{ state: 'failed' }]));
    expect(await rowsOf(slow)).toMatchObject([{ state: 'running', restore_attempts: 0 }]);
    answer.resolve();
    await eventually(async () => expect(await rowsOf(slow)).toMatchObject([{ state: 'failed' }]));
  });

  it('keeps no other out that has got the lease, and its key is free', async () => {
    const [sessionId, applyId] = [await aSession(), newId()];
    await left(sessionId, '20 seconds', '1 minute', applyId);
    const use = [learner.ownerId, `apply ${sessionId}`, applyId];
    await rig.database.query(
      `INSERT INTO execution_keys (owner_id, route, key, digest, execution_id) VALUES ($1, $2, 'k', 'd', $3)`,
      use,
    );
    await rig.apply(sessionId, {});
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'failed' }, { state: 'finished' }]);
    const keys = await rig.database.query('SELECT 1 FROM execution_keys WHERE execution_id = $1', [applyId]);
    expect(keys.rows).toEqual([]);
  });

  it('is removed in the end', async () => {
    const sessionId = await aSession();
    await left(sessionId, '8 days', '-8 days');
    const history = rig.executor.get(ApplyHistory, { strict: false });
    await eventually(async () => {
      await history.prune();
      expect(await rowsOf(sessionId)).toEqual([]);
    });
  });
});

describe('an apply that takes long', () => {
  it('is left alone by the executors that look after those of the dead', async () => {
    const sessionId = await aSession();
    Object.assign(lentSession(sessionId), { leaseSeconds: 6 });
    const letGo = holdApplies();
    const answer = rig.apply(sessionId, {});
    await running(sessionId);
    await rig.database.query(`UPDATE applies SET running_until = now() + interval '1 minute' WHERE session_id = $1`, [
      sessionId,
    ]);
    const renewed = `SELECT 1 FROM applies WHERE session_id = $1 AND running_until < now() + interval '7 seconds'`;
    await eventually(async () => expect((await rig.database.query(renewed, [sessionId])).rows).toHaveLength(1));
    letGo();
    await answer;
  });
});

describe('an apply in a session that ends', () => {
  it('stops when its lease is not renewed, changes nothing, and gives the session back', async () => {
    const sessionId = await aSession();
    Object.assign(lentSession(sessionId), { leaseSeconds: 3 });
    holdApplies();
    const refused = expect(rig.apply(sessionId, {})).rejects.toMatchObject({ kind: 'conflict' });
    await running(sessionId);
    lentSession(sessionId).isEnding = true;
    await refused;
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'failed' }]);
    expect(lentSession(sessionId)).toMatchObject({ token: null, outcomes: [{ kind: 'unchanged' }] });
    expect([...applying.held.keys()].some((key) => key.startsWith(sessionId))).toBe(false);
  });

  it('is no success when its end comes too late', async () => {
    const sessionId = await aSession();
    const letGo = holdApplies();
    const refused = expect(rig.apply(sessionId, {})).rejects.toMatchObject({ kind: 'conflict' });
    await running(sessionId);
    lentSession(sessionId).isEnding = true;
    letGo();
    await refused;
    await eventually(async () => {
      expect(await rowsOf(sessionId)).toMatchObject([{ state: 'abandoned', model_after: null }]);
    });
    expect(rig.appliedFacts.filter((fact) => fact.sessionId === sessionId)).toEqual([]);
  });
});

describe('an apply whose lease somebody else has got', () => {
  it('touches nothing more, and is no success', async () => {
    const sessionId = await aSession();
    Object.assign(lentSession(sessionId), { leaseSeconds: 3 });
    holdApplies();
    const refused = expect(rig.apply(sessionId, {})).rejects.toMatchObject({ kind: 'conflict' });
    await running(sessionId);
    lentSession(sessionId).token = 'another';
    await refused;
    expect(lentSession(sessionId)).toMatchObject({ token: 'another', outcomes: [] });
  });
});

describe('an executor that stops', () => {
  it('says of an apply that it interrupts that it may be tried again', async () => {
    const sessionId = await aSession();
    holdApplies();
    const refused = expect(rig.apply(sessionId, {})).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfterSeconds: 2 },
    });
    await running(sessionId);
    await rig.executor.close();
    await refused;
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'failed' }]);
    expect(lentSession(sessionId)).toMatchObject({ token: null, outcomes: [{ kind: 'unchanged' }] });
  });
});
