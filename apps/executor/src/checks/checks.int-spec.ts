import type { CheckDefinition, CheckResult } from '@nalabo/contracts';
import { newSessionId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { OpenedShells } from './opened-shells.cases.js';

let rig: ExecutorRig;
const shells = new OpenedShells(() => rig.target.exec);
beforeAll(async () => {
  rig = await startExecutorRig([shells.target]);
});
afterAll(() => rig.stop());

/** Runs the one check of a session of its own. */
async function run(check: Partial<CheckDefinition>): Promise<CheckResult> {
  const { results } = await rig.runChecks(await rig.aSessionWith([check]));
  return results[0] ?? expect.fail('the check has no result');
}

const expecting = (exitCode: number, output: string | null = null) => ({ expect: { exitCode, output } });
const retries = { count: 5, intervalSeconds: 1 };
const hint = 'Look again.';
const countRows = async (sessionId: string): Promise<number> => {
  const query = 'SELECT count(*)::int AS count FROM check_results WHERE session_id = $1';
  const { rows } = await rig.database.query<{ count: number }>(query, [sessionId]);
  return rows[0]?.count ?? 0;
};

describe('a check', () => {
  it.each<[Partial<CheckDefinition>, Partial<CheckResult>]>([
    [{ script: 'exit 0' }, { outcome: 'passed', exitCode: 0, tries: 1, hint: null }],
    [{ script: 'exit 1' }, { outcome: 'failed', exitCode: 1, hint }],
    [{ script: 'exit 3', ...expecting(3) }, { outcome: 'passed' }],
    [{ script: 'echo one; echo two', ...expecting(0, '^two$') }, { outcome: 'passed' }],
    [
      { script: 'echo two >&2', ...expecting(0, '^two$') },
      { outcome: 'failed', exitCode: 0, hint },
    ],
    [{ script: 'if then' }, { outcome: 'failed', hint }],
    [
      { script: 'echo two; sleep 60', timeoutSeconds: 1, ...expecting(0, '^two$') },
      { outcome: 'timed_out', exitCode: null, hint },
    ],
    [
      { script: 'echo two; head -c 65536 /dev/zero', ...expecting(0, '^two$') },
      { outcome: 'failed', exitCode: 0 },
    ],
    [{ script: 'yes' }, { outcome: 'failed', exitCode: null }],
    [
      { script: `echo ${'a'.repeat(40)}b`, ...expecting(0, '(a+)+$') },
      { outcome: 'unknown', exitCode: 0, hint: null },
    ],
  ])('%j ends as it should', async (check, expected) => {
    const result = await run({ hint, ...check });
    expect(result).toMatchObject({ attempt: 1, ...expected });
  });

  it('whose shell is killed in the middle never passes', async () => {
    const { outcome } = await run({ script: 'echo two; kill -9 $$; exit 0', ...expecting(0, '^two$') });
    expect(['failed', 'unknown']).toContain(outcome);
  });

  it('is retried until it passes', async () => {
    const script = 'cd "$HOME"; echo x >> tried; [ "$(wc -l < tried)" -eq 3 ]';
    expect(await run({ script, retries })).toMatchObject({ outcome: 'passed', tries: 3 });
  });

  it('is retried no more often than its author said', async () => {
    const result = await run({ script: 'exit 1', retries: { count: 1, intervalSeconds: 1 } });
    expect(result).toMatchObject({ outcome: 'failed', tries: 2 });
    expect(result.durationMs).toBeGreaterThanOrEqual(1000);
  });

  it('that is trusted runs outside of the workspace with a search path of its own, and another one as a command does', async () => {
    const program = 'pwd; echo "$PATH"';
    const overrides = expecting(0, String.raw`^/\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin$`);
    expect(await run({ script: program, ...overrides })).toMatchObject({ outcome: 'passed' });
    const untrusted = { script: 'pwd', trusted: false, ...expecting(0, '/workspace$') };
    expect(await run(untrusted)).toMatchObject({ outcome: 'passed' });
  });

  it('whose workbench dies in the middle is unknown, and so is one behind it', async () => {
    const sessionId = await rig.aSessionWith([{ script: 'sleep 60', retries }, { script: 'true' }]);
    const running = rig.runChecks(sessionId);
    await eventually(() => expect(rig.target.backend.workbench(sessionId)?.commands.size).toBe(1));
    await rig.target.backend.killWorkbench(sessionId);
    const { passed, results } = await running;
    expect(passed).toBe(false);
    const unknown = { outcome: 'unknown', exitCode: null, tries: 1, hint: null };
    expect(results).toMatchObject([unknown, unknown]);
  });

  it('shows neither its script nor what it printed', async () => {
    const sessionId = await rig.aSessionWith([{ script: 'echo secret; exit 1', hint }]);
    const shown = JSON.stringify([await rig.runChecks(sessionId), await rig.listChecks(sessionId)]);
    const { rows } = await rig.database.query('SELECT * FROM check_results WHERE session_id = $1', [sessionId]);
    expect(shown + JSON.stringify(rows)).not.toContain('secret');
  });
});

describe('the checks of a session', () => {
  it('run in their order, and pass when all have passed', async () => {
    const sessionId = await rig.aSessionWith([
      { id: 'first', script: 'echo 1 > "$HOME/file"' },
      { id: 'second', script: 'cat "$HOME/file"', ...expecting(0, '^1$') },
    ]);
    const view = await rig.runChecks(sessionId);
    expect(view).toMatchObject({ sessionId, passed: true, results: [{ checkId: 'first' }, { checkId: 'second' }] });
  });

  it('are told as facts and listed with the attempts at them', async () => {
    const sessionId = await rig.aSessionWith([
      { id: 'never', trusted: false },
      { id: 'later', script: '[ -e "$HOME/done" ]', hint },
    ]);
    await rig.runChecks(sessionId, ['later']);
    await rig.run(sessionId, { command: 'touch "$HOME/done"' });
    await rig.runChecks(sessionId, ['later']);
    await rig.run(sessionId, { command: 'rm "$HOME/done"' });
    const { results } = await rig.runChecks(sessionId, ['later']);
    const { items } = await rig.listChecks(sessionId);
    const never = { checkId: 'never', title: 'Check 0', trusted: false, attempts: 0, passedAt: null, last: null };
    const passedAt = expect.any(String) as string;
    expect(items).toMatchObject([never, { checkId: 'later', trusted: true, attempts: 3, passedAt, last: results[0] }]);
    const told = () => rig.checkFacts.filter((fact) => fact.sessionId === sessionId).map(({ payload }) => payload);
    await eventually(() => expect(told()).toHaveLength(3));
    expect(told()).toMatchObject([
      { checkId: 'later', attempt: 1, outcome: 'failed', trusted: true },
      { checkId: 'later', attempt: 2, outcome: 'passed' },
      { checkId: 'later', attempt: 3, outcome: 'failed' },
    ]);
  });

  it('are numbered without gaps also at the same moment', async () => {
    const sessionId = await rig.aSessionWith([{ id: 'one' }, { id: 'two' }]);
    const views = await Promise.all(Array.from({ length: 4 }, () => rig.runChecks(sessionId)));
    for (const checkId of ['one', 'two']) {
      const numbers = views.flatMap(({ results }) => results.filter((result) => result.checkId === checkId));
      expect(numbers.map(({ attempt }) => attempt).sort()).toEqual([1, 2, 3, 4]);
    }
  });

  it('run for four requests at a time and not for a fifth', async () => {
    const sessionId = await rig.aSessionWith([{ script: 'until [ -e "$HOME/end" ]; do sleep 0.1; done' }]);
    const running = Array.from({ length: 4 }, () => rig.runChecks(sessionId));
    await eventually(async () => expect(await countRows(sessionId)).toBe(4));
    await expect(rig.runChecks(sessionId)).rejects.toMatchObject({ kind: 'exhausted' });
    await rig.run(sessionId, { command: 'touch "$HOME/end"' });
    expect((await Promise.all(running)).map(({ passed }) => passed)).toEqual([true, true, true, true]);
  });

  it('count as many commands of their owner as they have tries', async () => {
    const owner = anActor({ ownerId: 'checking' });
    const check = { script: 'exit 1', retries: { count: 1, intervalSeconds: 1 } };
    const sessionId = await rig.aSessionWith([check, {}], { ownerId: owner.ownerId });
    await rig.runChecks(sessionId, null, owner);
    await rig.database.query(
      `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, outcome, path)
       SELECT gen_random_uuid(), $1, $2, '{}', 'c', '"true"', 'finished', 'succeeded', 'exec' FROM generate_series(1, 596)`,
      [sessionId, owner.ownerId],
    );
    await expect(rig.runChecks(sessionId, null, owner)).rejects.toMatchObject({ kind: 'exhausted' });
    expect(await rig.runChecks(sessionId, ['check-1'], owner)).toMatchObject({ passed: true });
    await expect(rig.run(sessionId, {}, owner)).rejects.toMatchObject({ kind: 'exhausted' });
  });

  it('of a workshop without any are none, and nothing is passed by that', async () => {
    const sessionId = await rig.aSession();
    expect(await rig.runChecks(sessionId)).toEqual({ sessionId, passed: false, results: [] });
    expect(await rig.listChecks(sessionId)).toEqual({ items: [] });
  });

  it('are asked for once for each revision of a workshop', async () => {
    const first = await rig.aSessionWith([{}], { workshopId: 'asked-once' });
    const second = await rig.aSession({ workshopId: 'asked-once' });
    for (const sessionId of [first, second, second])
      expect(await rig.runChecks(sessionId)).toMatchObject({ passed: true });
    await rig.listChecks(await rig.aSession({ workshopId: 'asked-once', workshopRevision: 2 }));
    expect(rig.askedChecks.filter(({ workshopId }) => workshopId === 'asked-once')).toEqual([
      { workshopId: 'asked-once', revision: 1 },
      { workshopId: 'asked-once', revision: 2 },
    ]);
  });

  it('may be run and listed by an instructor', async () => {
    const sessionId = await rig.aSessionWith([{}]);
    const instructor = anActor({ ownerId: 'ines', role: 'instructor' });
    expect(await rig.runChecks(sessionId, null, instructor)).toMatchObject({ passed: true });
    expect((await rig.listChecks(sessionId, instructor)).items).toHaveLength(1);
  });

  it('are listed when the session has ended', async () => {
    const sessionId = await rig.aSessionWith([{}], { state: 'TERMINATED' });
    expect((await rig.listChecks(sessionId)).items).toHaveLength(1);
  });
});

describe('checks that are refused', () => {
  it.each([
    [{ state: 'PROVISIONING' }, 'conflict'],
    [{ state: 'TERMINATING' }, 'conflict'],
    [{ state: 'TERMINATED' }, 'gone'],
    [{ expired: true }, 'gone'],
    [{ target: 'elsewhere' }, 'unavailable'],
    [{ ownerId: 'somebody-else' }, 'not_found'],
  ] as const)('in a session with %j are %s and leave nothing', async (overrides, kind) => {
    const sessionId = await rig.aSessionWith([{}], overrides);
    await expect(rig.runChecks(sessionId)).rejects.toMatchObject({ kind });
    expect(await countRows(sessionId)).toBe(0);
  });

  it('are those that the workshop does not have', async () => {
    const sessionId = await rig.aSessionWith([{}]);
    await expect(rig.runChecks(sessionId, ['check-0', 'other'])).rejects.toMatchObject({ kind: 'not_found' });
    expect(await countRows(sessionId)).toBe(0);
  });

  it('of a foreign session are refused as if the session were missing', async () => {
    for (const sessionId of [await rig.aSessionWith([{}], { ownerId: 'somebody-else' }), newSessionId()]) {
      await expect(rig.runChecks(sessionId)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(rig.listChecks(sessionId)).rejects.toMatchObject({ kind: 'not_found' });
    }
  });

  it('while the workbench does not run leave nothing', async () => {
    const sessionId = await rig.aSessionWith([{}]);
    await rig.target.backend.killWorkbench(sessionId);
    await expect(rig.runChecks(sessionId)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await countRows(sessionId)).toBe(0);
  });
});

describe('the shell of trusted checks', () => {
  it('is open before the first of them runs, and is kept', async () => {
    const overrides = { target: shells.target.name };
    const untrusted = await rig.aSessionWith([{ trusted: false }], overrides);
    const trusted = await rig.aSessionWith([{ trusted: false }, {}], overrides);
    await rig.announceReady(untrusted);
    await rig.announceReady(trusted);
    await eventually(() => expect(shells.checkersOf(trusted)).toBe(1));
    expect(await rig.runChecks(trusted)).toMatchObject({ passed: true });
    expect(await rig.runChecks(trusted)).toMatchObject({ passed: true });
    expect(shells.checkersOf(trusted)).toBe(1);
    expect(shells.checkersOf(untrusted)).toBe(0);
  });
});
