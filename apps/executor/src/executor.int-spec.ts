import { type ExecutionView, facts, httpLimits } from '@nalabo/contracts';
import { newExecutionId, newSessionId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldCommand, letGo } from './command/held-command.cases.js';
import { type ExecutorRig, startExecutorRig } from './executor-rig.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig();
});
afterAll(() => rig.stop());

const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString();

describe('a command', () => {
  it.each<[string | string[], Partial<ExecutionView>, string]>([
    ['echo hello', { outcome: 'succeeded', exitCode: 0 }, 'hello\n'],
    ['echo out; exit 3', { outcome: 'failed', exitCode: 3 }, 'out\n'],
    ['no-such-program', { outcome: 'failed', exitCode: 127, startFailed: false }, ''],
    [['echo', '$(id)', '; reboot', '`id`', '&&', 'a\nb'], { outcome: 'succeeded' }, '$(id) ; reboot `id` && a\nb\n'],
    [['no-such-program'], { outcome: 'failed', exitCode: null, startFailed: true }, ''],
    [['/etc/passwd'], { outcome: 'failed', exitCode: null, startFailed: true }, ''],
  ])('%j ends as it ended', async (command, expected, stdout) => {
    const execution = await rig.run(await rig.aSession(), { command });
    expect(execution).toMatchObject({ state: 'finished', path: 'lane', ...expected });
    expect(textOf(execution.stdout)).toBe(stdout);
  });

  it('that cannot start in its directory says so', async () => {
    const execution = await rig.run(await rig.aSession(), { cwd: '/no/such/directory' });
    expect(execution).toMatchObject({ outcome: 'failed', exitCode: null, startFailed: true });
  });

  it('reads its input, finds its environment, and its streams stay apart', async () => {
    const execution = await rig.run(await rig.aSession(), {
      command: 'cat; echo "$GREETING" >&2; pwd',
      env: { GREETING: 'hello' },
      stdin: Buffer.from('typed\n').toString('base64'),
    });
    expect(textOf(execution.stdout)).toMatch(/^typed\n.*\/workspace\n$/);
    expect(textOf(execution.stderr)).toBe('hello\n');
  });

  it('that takes too long is killed and timed out, with what it had printed', async () => {
    const execution = await rig.run(await rig.aSession(), { command: 'echo begun; sleep 60', timeoutMs: 2000 });
    expect(execution).toMatchObject({ outcome: 'timed_out', exitCode: null });
    expect(textOf(execution.stdout)).toBe('begun\n');
    expect(execution.durationMs).toBeGreaterThanOrEqual(2000);
  });

  it('that prints without end is killed, truncated, and costs little memory', async () => {
    const sessionId = await rig.aSession();
    // The first time shows how far the collector lets a process under output grow; from there on nothing is added.
    await rig.run(sessionId, { command: ['yes'] });
    const before = process.memoryUsage().rss;
    const execution = await rig.run(sessionId, { command: ['yes'] });
    expect(execution).toMatchObject({ outcome: 'failed', exitCode: null, truncated: { stdout: true, stderr: false } });
    expect(textOf(execution.stdout)).toHaveLength(256 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 2 ** 20);
  });

  it('that prints much and ends by itself keeps its exit code', async () => {
    const command = 'head -c 1000000 /dev/zero >&2';
    const execution = await rig.run(await rig.aSession(), { command });
    expect(execution).toMatchObject({ outcome: 'succeeded', exitCode: 0, truncated: { stdout: false, stderr: true } });
  });

  it('whose workbench dies in the middle is unknown', async () => {
    const sessionId = await rig.aSession();
    const running = rig.run(sessionId, { command: 'echo begun; sleep 60' });
    await eventually(() => expect(rig.target.backend.workbench(sessionId)?.commands.size).toBe(1));
    await rig.target.backend.killWorkbench(sessionId);
    expect(await running).toMatchObject({ outcome: 'unknown', exitCode: null });
  });

  it('is told of once, with its outcome and without its output', async () => {
    const sessionId = await rig.aSession();
    const { executionId } = await rig.run(sessionId, { command: 'echo secret' });
    await eventually(() => {
      const told = rig.finishedFacts.filter((fact) => fact.sessionId === sessionId);
      expect(told).toMatchObject([{ type: facts.executionFinished.type, payload: { executionId } }]);
      expect(JSON.stringify(told)).not.toContain(Buffer.from('secret\n').toString('base64'));
    });
  });
});

describe('a refused command', () => {
  const countRows = async (sessionId: string): Promise<number> =>
    (await rig.database.query('SELECT 1 FROM executions WHERE session_id = $1', [sessionId])).rowCount ?? 0;

  it.each([
    [{ state: 'REQUESTED' }, 'conflict'],
    [{ state: 'PROVISIONING' }, 'conflict'],
    [{ state: 'TERMINATING' }, 'conflict'],
    [{ state: 'TERMINATED' }, 'gone'],
    [{ expired: true }, 'gone'],
    [{ target: 'elsewhere' }, 'unavailable'],
    [{ ownerId: 'somebody-else' }, 'not_found'],
  ] as const)('in a session with %j is %s and leaves nothing', async (overrides, kind) => {
    const sessionId = await rig.aSession(overrides);
    await expect(rig.run(sessionId, {})).rejects.toMatchObject({ kind });
    expect(await countRows(sessionId)).toBe(0);
  });

  it.each(['/proc/self/fd/7', '/proc/1/root', '/sys', '/dev/../proc', 'workspace', '/workspace/..'])(
    'in the directory %s is unprocessable and leaves nothing',
    async (cwd) => {
      const sessionId = await rig.aSession();
      const expected = { kind: 'unprocessable', details: { field: 'cwd' } };
      await expect(rig.run(sessionId, { cwd })).rejects.toMatchObject(expected);
      expect(await countRows(sessionId)).toBe(0);
    },
  );

  it('of a foreign session is refused as if the session were missing', async () => {
    const refusals = [await rig.aSession({ ownerId: 'somebody-else' }), newSessionId()].map(async (sessionId) => {
      const error: { kind: string; publicMessage: string } = await rig.run(sessionId, {}).catch((thrown) => thrown);
      return { kind: error.kind, text: error.publicMessage.replace(sessionId, 'id') };
    });
    const [foreign, missing] = await Promise.all(refusals);
    expect(foreign).toEqual(missing);
  });

  it('never starts a second time under the same id', async () => {
    const sessionId = await rig.aSession();
    const request = { executionId: newExecutionId(), command: 'echo ran >> /tmp/$NAME; cat /tmp/$NAME; rm /tmp/$NAME' };
    const env = { NAME: request.executionId };
    const first = await rig.run(sessionId, { ...request, env });
    await expect(rig.run(sessionId, { ...request, env })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await rig.get(sessionId, request.executionId)).toEqual(first);
  });

  it('is the ninth at a time, and one fits again when another ends', async () => {
    const sessionId = await rig.aSession();
    const waiting = Array.from({ length: 8 }, () => rig.run(sessionId, { command: heldCommand }));
    await eventually(async () => expect(await countRows(sessionId)).toBe(8));
    const refusal = { kind: 'exhausted', details: { retryAfterSeconds: 1 } };
    await expect(rig.run(sessionId, {})).rejects.toMatchObject(refusal);
    await letGo(rig, sessionId);
    expect((await Promise.all(waiting)).map(({ outcome }) => outcome)).toEqual(Array(8).fill('succeeded'));
    expect(await rig.run(sessionId, {})).toMatchObject({ outcome: 'succeeded' });
  });

  it('is the six hundred and first of an owner in a minute', async () => {
    const owner = anActor({ ownerId: 'busy' });
    const sessionId = await rig.aSession({ ownerId: owner.ownerId });
    await rig.database.query(
      `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, outcome, path)
       SELECT gen_random_uuid(), $1, $2, '{}', 'c', '"true"', 'finished', 'succeeded', 'exec' FROM generate_series(1, 600)`,
      [sessionId, owner.ownerId],
    );
    await expect(rig.run(sessionId, {}, owner)).rejects.toMatchObject({ kind: 'exhausted' });
  });
});

describe('a session that changes', () => {
  it('takes no command two seconds later at the latest', async () => {
    const sessionId = await rig.aSession();
    await rig.run(sessionId, {});
    rig.change(sessionId, { state: 'TERMINATED' });
    const changedAt = performance.now();
    let acceptedAt = changedAt;
    await eventually(async () => {
      const askedAt = performance.now();
      await expect(rig.run(sessionId, {}).then(() => (acceptedAt = askedAt))).rejects.toMatchObject({ kind: 'gone' });
    });
    expect(acceptedAt - changedAt).toBeLessThan(2100);
  });

  it('takes no command as soon as a fact has told of it', async () => {
    const sessionId = await rig.aSession();
    await rig.run(sessionId, {});
    rig.change(sessionId, { state: 'TERMINATING' });
    await rig.announceEnd(sessionId);
    await expect(rig.run(sessionId, {})).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('executions', () => {
  it('are listed newest first, page by page, without output, for an ended session too', async () => {
    const sessionId = await rig.aSession();
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      ids.unshift((await rig.run(sessionId, { command: ['echo', text] })).executionId);
    }
    const first = await rig.list(sessionId, { cursor: null, limit: 2 });
    const second = await rig.list(sessionId, { cursor: first.nextCursor, limit: 2 });
    expect([...first.items, ...second.items].map(({ executionId }) => executionId)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).not.toHaveProperty('stdout');
  });

  it('with the longest commands fit into a message, alone and on the longest page', async () => {
    const sessionId = await rig.aSession();
    // Control characters grow sixfold in a message; only a comment can hold them and still be a command.
    const begin = 'head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2 #';
    const command = begin + '\u0001'.repeat(httpLimits.commandBytes - begin.length);
    const execution = await rig.run(sessionId, { command });
    expect(execution).toMatchObject({ outcome: 'succeeded', truncated: { stdout: true, stderr: true } });
    expect(await rig.get(sessionId, execution.executionId)).toEqual(execution);
    await rig.database.query(
      `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, outcome, path)
       SELECT gen_random_uuid(), $1, 'o', '{}', 'c', to_jsonb(repeat(chr(1), 8192)), 'finished', 'succeeded', 'exec'
       FROM generate_series(1, 200)`,
      [sessionId],
    );
    const { items } = await rig.list(sessionId, { cursor: null, limit: 200 });
    expect(items).toHaveLength(200);
    expect(items[0]?.command).toMatch(/^\u0001+…$/);
  });

  it('refuse a cursor that no page gave', async () => {
    const page = { cursor: "1' OR 1=1", limit: 2 };
    await expect(rig.list(await rig.aSession(), page)).rejects.toMatchObject({ kind: 'invalid_input' });
  });

  it('of another session are not found', async () => {
    const { executionId } = await rig.run(await rig.aSession(), {});
    await expect(rig.get(await rig.aSession(), executionId)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
