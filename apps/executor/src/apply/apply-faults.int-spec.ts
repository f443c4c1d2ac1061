import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { ApplyHistory } from './apply-history.js';
import { ApplyingTarget } from './applying-target.cases.js';

let rig: ExecutorRig;
const applying = new ApplyingTarget();
beforeAll(async () => {
  rig = await startExecutorRig([applying.target]);
});
afterAll(() => rig.stop());

const aSession = () => rig.aSession({ target: 'applying' });
const rowsOf = async (sessionId: string) =>
  (await rig.database.query('SELECT * FROM applies WHERE session_id = $1', [sessionId])).rows;

describe('the apply of an executor that died', () => {
  const left = (sessionId: string, startedAt: string, runningUntil: string): Promise<unknown> =>
    rig.database.query(
      `INSERT INTO applies (apply_id, session_id, actor, type, digest, dry_run, state, started_at, running_until)
       VALUES (gen_random_uuid(), $1, '{}', 'yaml', 'd', false, 'running',
         now() - $2::interval, now() + $3::interval)`,
      [sessionId, startedAt, runningUntil],
    );

  it('is abandoned when its time is over, though nothing more is applied in the session', async () => {
    const [dead, alive] = [await aSession(), await aSession()];
    await left(dead, '2 minutes', '-1 minute');
    await left(alive, '0', '1 minute');
    await eventually(async () => expect(await rowsOf(dead)).toMatchObject([{ state: 'abandoned' }]));
    expect(await rowsOf(alive)).toMatchObject([{ state: 'running' }]);
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

describe('an executor that stops', () => {
  it('says of an apply that it interrupts that it may be tried again', async () => {
    const sessionId = await aSession();
    applying.gate = Promise.withResolvers<void>().promise;
    const running = rig.apply(sessionId, {});
    const refused = expect(running).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 2 } });
    await eventually(async () => expect(await rowsOf(sessionId)).toMatchObject([{ state: 'running' }]));
    await rig.executor.close();
    await refused;
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'failed' }]);
  });
});
