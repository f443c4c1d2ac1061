import { newExecutionId, newId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldCommand, letGo } from '../command/held-command.cases.js';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig();
});
afterAll(() => rig.stop());

describe('a command while NATS is away', () => {
  it('goes on, its end is stored, and whoever followed finds the rest by joining', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const place = { sessionId, executionId };
    const live = await rig.follow(executionId);
    const command = `echo one; ${heldCommand}; echo two; sleep 2; echo three`;
    const accepted = await rig.run(sessionId, { executionId, command, live: true, wait: false });
    await eventually(() => expect(live.map(({ seq }) => seq)).toEqual([0, 1]));
    await rig.nats.halt();
    await letGo(rig, sessionId);
    const stored = async (): Promise<void> => {
      const { rows } = await rig.database.query('SELECT outcome FROM executions WHERE execution_id = $1', [
        executionId,
      ]);
      expect(rows).toEqual([{ outcome: 'succeeded' }]);
    };
    await eventually(stored);
    await rig.nats.resume();
    const page = await eventually(() => rig.join(place, 1));
    expect(page.frames.map(({ kind, seq }) => [seq, kind])).toEqual([
      [2, 'output'],
      [3, 'output'],
      [4, 'finished'],
    ]);
    expect(page.more).toBe(false);
    expect(await rig.get(sessionId, executionId)).toMatchObject({
      outcome: 'succeeded',
      startedAt: accepted.startedAt,
      stdout: Buffer.from('one\ntwo\nthree\n').toString('base64'),
    });
    expect(live).toHaveLength(2);
  });

  it('is followed again where it runs on', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const live = await rig.follow(executionId);
    const command = `echo one; ${heldCommand}; echo two`;
    await rig.run(sessionId, { executionId, command, live: true, wait: false });
    await eventually(() => expect(live).toHaveLength(2));
    await rig.nats.halt();
    await rig.nats.resume();
    const page = await eventually(() => rig.join({ sessionId, executionId }, 1));
    expect(page.frames).toEqual([]);
    await letGo(rig, sessionId);
    await eventually(() => expect(live.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]));
  });
});

describe('the command of an executor that died', () => {
  /** What an executor leaves behind that was killed in the middle of a command. */
  async function abandon(sessionId: string): Promise<string> {
    const executionId = newExecutionId();
    await rig.database.query(
      `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, instance,
         lease_token, lease_until)
       VALUES ($1, $2, 'owner-a', '{"keyId": "k", "ownerId": "owner-a", "role": "learner"}', 'c', '"sleep 60"', 'running',
         $3, 'token of the dead', now() + interval '5 seconds')`,
      [executionId, sessionId, newId()],
    );
    return executionId;
  }

  it('is answered as it is known, and its end comes behind whatever was seen of it', async () => {
    const sessionId = await rig.aSession();
    const place = { sessionId, executionId: await abandon(sessionId) };
    expect(await rig.join(place)).toMatchObject({ frames: [{ kind: 'started', seq: 0 }], more: false });
    expect(await rig.join(place, 7)).toEqual({ frames: [], more: false });
    expect(await rig.cancel(place)).toMatchObject({ state: 'running' });
    const end = { kind: 'finished', outcome: 'unknown', exitCode: null };
    await eventually(async () => expect((await rig.join(place, 7)).frames).toMatchObject([{ ...end, seq: 8 }]), {
      timeoutMs: 30_000,
    });
    const { frames } = await rig.join(place);
    expect(frames).toMatchObject([
      { kind: 'started', seq: 0 },
      { ...end, seq: 1 },
    ]);
    expect(await rig.cancel(place)).toMatchObject({ state: 'finished', outcome: 'unknown' });
  });
});
