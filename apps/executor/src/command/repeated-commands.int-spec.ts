import { newExecutionId, newId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig();
});
afterAll(() => rig.stop());

const aKey = (digest = 'digest') => ({ idempotency: { key: newId(), digest } });
const count = 'echo x >> ran; wc -l < ran';

describe('a command with an idempotency key', () => {
  it('runs once and is answered again as it ended, also when its session takes no commands any more', async () => {
    const sessionId = await rig.aSession();
    const request = { ...aKey(), command: count };
    const first = await rig.run(sessionId, request);
    expect(await rig.run(sessionId, request)).toEqual(first);
    rig.change(sessionId, { state: 'TERMINATING' });
    await rig.announceEnd(sessionId);
    expect(await rig.run(sessionId, request)).toEqual(first);
    expect(Buffer.from(first.stdout, 'base64').toString().trim()).toBe('1');
  });

  it('runs once when it is asked for many times at the same moment', async () => {
    const sessionId = await rig.aSession();
    const request = { ...aKey(), command: `${count}; sleep 0.3` };
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => rig.run(sessionId, request)));
    const ran = answers.filter(({ status }) => status === 'fulfilled');
    expect(ran).toHaveLength(1);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    const [winner] = (await rig.list(sessionId, { cursor: null, limit: 9 })).items;
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ kind: 'conflict', details: { executionId: winner?.executionId } });
    }
    expect((await rig.list(sessionId, { cursor: null, limit: 9 })).items).toHaveLength(1);
  });

  it('is refused with another body, and names the execution while the same one runs', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const request = { ...aKey(), executionId, command: 'until [ -e go ]; do sleep 0.02; done' };
    const running = rig.run(sessionId, request);
    await eventually(() => rig.get(sessionId, executionId));
    const again = { ...request, executionId: newExecutionId() };
    await expect(rig.run(sessionId, again)).rejects.toMatchObject({ kind: 'conflict', details: { executionId } });
    const other = { ...again, idempotency: { ...request.idempotency, digest: 'another' } };
    await expect(rig.run(sessionId, other)).rejects.toMatchObject({ kind: 'unprocessable' });
    await rig.run(sessionId, { command: 'touch go' });
    const ended = await running;
    expect(await rig.run(sessionId, again)).toEqual(ended);
  });

  it('that was refused may be sent again', async () => {
    const sessionId = await rig.aSession({ state: 'PROVISIONING' });
    const request = { ...aKey(), command: count };
    await expect(rig.run(sessionId, request)).rejects.toMatchObject({ kind: 'conflict' });
    rig.change(sessionId, { state: 'READY' });
    await rig.announceReady(sessionId);
    const waiting = Array.from({ length: 8 }, () => rig.run(sessionId, { command: 'sleep 2' }));
    await eventually(() => expect(rig.run(sessionId, request)).rejects.toMatchObject({ kind: 'exhausted' }));
    await Promise.all(waiting);
    expect(await rig.run(sessionId, request)).toMatchObject({ outcome: 'succeeded' });
  });

  it('has its key for itself: another caller and another session start their own', async () => {
    const [sessionId, other] = [await rig.aSession(), await rig.aSession()];
    const request = { ...aKey(), command: 'true' };
    const instructor = anActor({ ownerId: 'somebody-else', role: 'instructor' });
    const ran = [
      await rig.run(sessionId, request),
      await rig.run(sessionId, request, instructor),
      await rig.run(other, request),
    ];
    expect(new Set(ran.map(({ executionId }) => executionId)).size).toBe(3);
  });

  it('is forgotten after a day', async () => {
    const sessionId = await rig.aSession();
    const request = { ...aKey(), command: 'true' };
    const first = await rig.run(sessionId, request);
    await rig.database.query(
      `UPDATE execution_keys SET used_at = now() - interval '25 hours' WHERE execution_id = $1`,
      [first.executionId],
    );
    const second = await rig.run(sessionId, request);
    expect(second.executionId).not.toBe(first.executionId);
    expect(await rig.run(sessionId, request)).toEqual(second);
  });
});

describe('commands that start at the same moment', () => {
  it('never are more than a session may have', async () => {
    const sessionId = await rig.aSession();
    await rig.run(sessionId, {});
    const all = Array.from({ length: 16 }, () => rig.run(sessionId, { command: 'sleep 2' }));
    const ends = await Promise.allSettled(all);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
  });

  it('never are more than an owner may have in a minute', async () => {
    const owner = anActor({ ownerId: newId() });
    const sessions = [0, 1, 2].map(() => rig.aSession({ ownerId: owner.ownerId }));
    const ids = await Promise.all(sessions);
    await rig.database.query(
      `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, outcome)
       SELECT gen_random_uuid(), $1, $2, '{}', 'c', '"true"', 'finished', 'succeeded' FROM generate_series(1, 595)`,
      [ids[0], owner.ownerId],
    );
    const all = ids.flatMap((sessionId) => Array.from({ length: 4 }, () => rig.run(sessionId, {}, owner)));
    const ends = await Promise.allSettled(all);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });
});
