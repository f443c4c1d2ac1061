import { newExecutionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExecutionSweep } from './executions/execution-sweep.js';
import { ProcessLease } from './executions/process-lease.js';
import { type ExecutorRig, startExecutorRig } from './executor-rig.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig();
});
afterAll(() => rig.stop());

/** What an executor leaves behind that was killed in the middle of a command. */
async function abandon(sessionId: string, leaseSecondsLeft: number, token = 'token of the dead'): Promise<string> {
  const executionId = newExecutionId();
  await rig.database.query(
    `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, path,
       lease_token, lease_until)
     VALUES ($1, $2, 'owner-a', '{"keyId": "k", "ownerId": "owner-a", "role": "learner"}', 'c', '"sleep 60"', 'running',
       'exec', $4, now() + make_interval(secs => $3))`,
    [executionId, sessionId, leaseSecondsLeft, token],
  );
  return executionId;
}

describe('the command of an executor that died', () => {
  it('becomes unknown when its lease has ended, and is told of', async () => {
    const sessionId = await rig.aSession();
    const executionId = await abandon(sessionId, 4);
    expect(await rig.get(sessionId, executionId)).toMatchObject({ state: 'running', outcome: null });
    await eventually(
      async () => {
        expect(await rig.get(sessionId, executionId)).toMatchObject({
          state: 'finished',
          outcome: 'unknown',
          exitCode: null,
        });
        expect(rig.finishedFacts).toContainEqual(expect.objectContaining({ sessionId }));
      },
      { timeoutMs: 30_000 },
    );
  });

  it('takes no place in its session once its lease has ended', async () => {
    const sessionId = await rig.aSession();
    for (let count = 0; count < 8; count += 1) await abandon(sessionId, 0);
    expect(await rig.run(sessionId, {})).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a command that was committed and never started', () => {
  it('becomes unknown although its executor lives', async () => {
    const sessionId = await rig.aSession();
    const lease = rig.executor.get(ProcessLease, { strict: false });
    const executionId = await abandon(sessionId, 1, lease.token);
    await lease.renew();
    await eventually(async () => {
      expect(await rig.get(sessionId, executionId)).toMatchObject({ outcome: 'unknown', exitCode: null });
    });
  });
});

describe('a command that was given up while it ran', () => {
  it('stays unknown whatever its end', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const running = rig.run(sessionId, { executionId, command: 'until [ -e end ]; do sleep 0.1; done' });
    await eventually(async () => expect(await rig.get(sessionId, executionId)).toBeDefined());
    await rig.database.query(
      `UPDATE executions SET lease_token = 'token of another', lease_until = now() WHERE execution_id = $1`,
      [executionId],
    );
    await eventually(async () => {
      expect(await rig.get(sessionId, executionId)).toMatchObject({ state: 'finished', outcome: 'unknown' });
    });
    await rig.run(sessionId, { command: 'touch end' });
    expect(await running).toMatchObject({ outcome: 'unknown', exitCode: null });
    expect(await rig.get(sessionId, executionId)).toMatchObject({ outcome: 'unknown', exitCode: null });
  });
});

describe('a running command', () => {
  it('is not given up by its own executor, even when its lease has ended', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const running = rig.run(sessionId, { executionId, command: 'until [ -e end ]; do sleep 0.1; done' });
    await eventually(async () => expect(await rig.get(sessionId, executionId)).toBeDefined());
    await rig.database.query('UPDATE executions SET lease_until = now() WHERE execution_id = $1', [executionId]);
    await rig.executor.get(ExecutionSweep, { strict: false }).giveUpAbandoned();
    expect(await rig.get(sessionId, executionId)).toMatchObject({ state: 'running' });
    await rig.run(sessionId, { command: 'touch end' });
    expect(await running).toMatchObject({ outcome: 'succeeded' });
  });

  it('has its lease renewed', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const running = rig.run(sessionId, { executionId, command: 'until [ -e end ]; do sleep 0.1; done' });
    const leaseEnd = async (): Promise<Date> => {
      const query = 'SELECT lease_until FROM executions WHERE execution_id = $1';
      const { rows } = await rig.database.query<{ lease_until: Date }>(query, [executionId]);
      return rows[0]?.lease_until ?? expect.fail('the execution has no lease yet');
    };
    const first = await eventually(leaseEnd);
    await eventually(async () => expect((await leaseEnd()).getTime()).toBeGreaterThan(first.getTime()));
    await rig.run(sessionId, { command: 'touch end' });
    expect(await running).toMatchObject({ outcome: 'succeeded' });
  });

  it('has its result saved when the database comes back', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const running = rig.run(sessionId, { executionId, command: 'sleep 0.5; echo done' });
    await eventually(async () => expect(await rig.get(sessionId, executionId)).toBeDefined());
    await rig.database.query('ALTER TABLE executions RENAME TO executions_away');
    const isOver = (): boolean => rig.target.backend.workbench(sessionId)?.commands.size === 0;
    await eventually(() => expect(isOver()).toBe(true));
    await rig.database.query('ALTER TABLE executions_away RENAME TO executions');
    expect(await running).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
  });

  it('is waited for when its executor is told to stop', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const running = rig.run(sessionId, { executionId, command: 'sleep 1; echo done' });
    await eventually(async () => expect(await rig.get(sessionId, executionId)).toBeDefined());
    await rig.executor.close();
    expect(await running).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
  });
});
