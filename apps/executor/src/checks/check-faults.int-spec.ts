import type { SessionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letGo } from '../command/held-command.cases.js';
import { type ExecutorRig, learner, startExecutorRig } from '../executor-rig.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig();
});
afterAll(() => rig.stop());

const isRunning = (sessionId: SessionId) =>
  eventually(() => expect(rig.target.backend.workbench(sessionId)?.commands.size).toBe(1));
const untilItEnds = { script: 'until [ -e "$HOME/end" ]; do sleep 0.1; done', timeoutSeconds: 30 };

describe('an attempt whose executor died', () => {
  it('becomes unknown, is told, and the next has the next number', async () => {
    const sessionId = await rig.aSessionWith([{ id: 'lost' }]);
    await rig.database.query(
      `INSERT INTO check_results (session_id, check_id, attempt, run_id, owner_id, actor, correlation_id, workshop_id, trusted,
         running_until)
       VALUES ($1, 'lost', 1, gen_random_uuid(), $2, $3, 'c', 'w', true, now())`,
      [sessionId, learner.ownerId, JSON.stringify(learner)],
    );
    await eventually(
      async () => {
        const { items } = await rig.listChecks(sessionId);
        expect(items[0]?.last).toMatchObject({ attempt: 1, outcome: 'unknown', durationMs: null });
      },
      { timeoutMs: 10_000 },
    );
    await eventually(() =>
      expect(rig.checkFacts.find((fact) => fact.sessionId === sessionId)?.payload).toMatchObject({
        outcome: 'unknown',
      }),
    );
    expect(await rig.runChecks(sessionId)).toMatchObject({ results: [{ attempt: 2, outcome: 'passed' }] });
  });
});

describe('a running check', () => {
  it('that was given up meanwhile stays unknown whatever its end', async () => {
    const sessionId = await rig.aSessionWith([untilItEnds]);
    const running = rig.runChecks(sessionId);
    await isRunning(sessionId);
    await rig.database.query('UPDATE check_results SET running_until = now() WHERE session_id = $1', [sessionId]);
    await eventually(
      async () => {
        const { items } = await rig.listChecks(sessionId);
        expect(items[0]?.last).toMatchObject({ outcome: 'unknown' });
      },
      { timeoutMs: 10_000 },
    );
    await rig.run(sessionId, { command: 'touch "$HOME/end"' });
    expect(await running).toMatchObject({ passed: false, results: [{ outcome: 'unknown' }] });
  });

  it('is answered as it is stored when nobody heard that it was', async () => {
    const sessionId = await rig.aSessionWith([untilItEnds]);
    const running = rig.runChecks(sessionId);
    await isRunning(sessionId);
    await rig.database.query(
      `UPDATE check_results SET outcome = 'passed', exit_code = 0, tries = 1, duration_ms = 7 WHERE session_id = $1`,
      [sessionId],
    );
    await rig.run(sessionId, { command: 'touch "$HOME/end"' });
    const { passed, results } = await running;
    expect({ passed, results }).toMatchObject({ passed: true, results: [{ outcome: 'passed', durationMs: 7 }] });
    expect((await rig.listChecks(sessionId)).items[0]?.last).toEqual(results[0]);
  });

  it('has its result saved when the database comes back soon', async () => {
    const sessionId = await rig.aSessionWith([untilItEnds]);
    const running = rig.runChecks(sessionId);
    await isRunning(sessionId);
    await rig.database.query('ALTER TABLE check_results RENAME TO check_results_away');
    await letGo(rig, sessionId, '/home/lab/end');
    await eventually(() => expect(rig.target.backend.workbench(sessionId)?.commands.size).toBe(0));
    await rig.database.query('ALTER TABLE check_results_away RENAME TO check_results');
    expect(await running).toMatchObject({ passed: true });
  });

  it('is waited for when its executor is told to stop', async () => {
    const sessionId = await rig.aSessionWith([{ script: 'sleep 1' }]);
    const running = rig.runChecks(sessionId);
    await isRunning(sessionId);
    await rig.executor.close();
    expect(await running).toMatchObject({ passed: true });
  });
});
