import { newExecutionId, newId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { heldCommand, letGo } from './held-command.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig();
});
afterAll(() => rig.stop());

const aKey = (digest = 'digest') => ({ idempotency: { key: newId(), digest } });
const count = 'echo x >> ran; wc -l < ran';

/** Sends requests at the same moment, and tells the refusals as they come. */
function sendMany(requests: number, send: () => Promise<unknown>) {
  const refusals: unknown[] = [];
  const answers = Array.from({ length: requests }, send);
  for (const answer of answers) answer.catch((error: unknown) => refusals.push(error));
  return { answers, refusals };
}

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
    const request = { ...aKey(), command: `${count}; ${heldCommand}` };
    const { answers, refusals } = sendMany(8, () => rig.run(sessionId, request));
    await eventually(() => expect(refusals).toHaveLength(7));
    await letGo(rig, sessionId);
    const ran = (await Promise.allSettled(answers)).filter(({ status }) => status === 'fulfilled');
    expect(ran).toHaveLength(1);
    const [winner] = (await rig.list(sessionId, { cursor: null, limit: 9 })).items;
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ kind: 'conflict', details: { executionId: winner?.executionId } });
    }
    expect((await rig.list(sessionId, { cursor: null, limit: 9 })).items).toHaveLength(1);
  });

  it('is refused with another body, and names the execution while the same one runs', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const request = { ...aKey(), executionId, command: heldCommand };
    const running = rig.run(sessionId, request);
    await eventually(() => rig.get(sessionId, executionId));
    const again = { ...request, executionId: newExecutionId() };
    await expect(rig.run(sessionId, again)).rejects.toMatchObject({ kind: 'conflict', details: { executionId } });
    const other = { ...again, idempotency: { ...request.idempotency, digest: 'another' } };
    await expect(rig.run(sessionId, other)).rejects.toMatchObject({ kind: 'unprocessable' });
    await letGo(rig, sessionId);
    const ended = await running;
    expect(await rig.run(sessionId, again)).toEqual(ended);
  });

  it('that was refused may be sent again', async () => {
    const sessionId = await rig.aSession({ state: 'PROVISIONING' });
    const request = { ...aKey(), command: count };
    await expect(rig.run(sessionId, request)).rejects.toMatchObject({ kind: 'conflict' });
    rig.change(sessionId, { state: 'READY' });
    await rig.announceReady(sessionId);
    const waiting = Array.from({ length: 8 }, () => rig.run(sessionId, { command: heldCommand }));
    // Sent before all of them have begun it would be one of the eight, and not refused.
    await eventually(async () => {
      expect((await rig.list(sessionId, { cursor: null, limit: 9 })).items).toHaveLength(waiting.length);
    });
    await expect(rig.run(sessionId, request)).rejects.toMatchObject({ kind: 'exhausted' });
    await letGo(rig, sessionId);
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
    const { answers, refusals } = sendMany(16, () => rig.run(sessionId, { command: heldCommand }));
    await eventually(() => expect(refusals).toHaveLength(8));
    await letGo(rig, sessionId);
    const ends = await Promise.allSettled(answers);
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
