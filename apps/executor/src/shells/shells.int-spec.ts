import type { InfrastructureTarget, Shell } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { SessionShells } from './session-shells.js';

let rig: ExecutorRig;
/** What the executor did with the shells of the target. */
const seen = { opened: 0, closed: 0 };
beforeAll(async () => {
  rig = await startExecutorRig();
  watch(rig.target);
});
afterAll(() => rig.stop());

/** Counts what is opened and closed; the shells themselves are the target's own. */
function watch({ exec }: InfrastructureTarget): void {
  const open = exec.open.bind(exec);
  exec.open = async (...place): Promise<Shell> => {
    const shell = await open(...place);
    seen.opened += 1;
    return {
      run: (...command) => shell.run(...command),
      close: async () => {
        await shell.close();
        seen.closed += 1;
      },
    };
  };
}

const since = ({ opened, closed }: typeof seen) => ({ opened: seen.opened - opened, closed: seen.closed - closed });
const shells = (): SessionShells => rig.executor.get(SessionShells, { strict: false });

describe('the shell of a session', () => {
  it('is opened ahead when the session is ready, and shared by all its commands', async () => {
    const before = { ...seen };
    const sessionId = await rig.aSession();
    await rig.announceReady(sessionId);
    await eventually(() => expect(since(before).opened).toBe(1));
    for (const command of ['echo one', 'echo two']) await rig.run(sessionId, { command });
    await Promise.all([rig.run(sessionId, {}), rig.run(sessionId, {})]);
    expect(since(before)).toEqual({ opened: 1, closed: 0 });
  });

  it('is closed when nobody has used it for a while, but not while a command runs', async () => {
    const sessionId = await rig.aSession();
    const running = rig.run(sessionId, { command: 'touch begun; until [ -e go ]; do sleep 0.02; done' });
    const idle = await rig.aSession();
    await rig.run(idle, {});
    await eventually(async () => expect((await rig.run(sessionId, { command: 'cat begun' })).exitCode).toBe(0));
    await shells().closeIdle(0);
    const before = { ...seen };
    await rig.run(sessionId, { command: 'touch go' });
    expect(await running).toMatchObject({ outcome: 'succeeded' });
    expect(since(before)).toEqual({ opened: 0, closed: 0 });
    await shells().closeIdle(0);
    expect(since(before)).toEqual({ opened: 0, closed: 1 });
  });

  it('is closed when the session ends', async () => {
    const sessionId = await rig.aSession();
    await rig.run(sessionId, {});
    const before = { ...seen };
    await rig.announceEnd(sessionId);
    await eventually(() => expect(since(before)).toEqual({ opened: 0, closed: 1 }));
  });

  it('is replaced without a trace when the workbench was restarted', async () => {
    const sessionId = await rig.aSession();
    await rig.run(sessionId, {});
    await rig.restartWorkbench(sessionId);
    const before = { ...seen };
    const command = 'echo back';
    expect(await rig.run(sessionId, { command })).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    await eventually(() => expect(since(before)).toEqual({ opened: 1, closed: 1 }));
  });

  it('is opened when a command needs it, and refused without a workbench', async () => {
    const sessionId = await rig.aSession();
    await rig.target.backend.killWorkbench(sessionId);
    await expect(rig.run(sessionId, {})).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await rig.list(sessionId, { cursor: null, limit: 1 })).items).toEqual([]);
  });
});

describe('an executor that stops', () => {
  it('ends what runs after its time, tells its end, and closes every shell', async () => {
    const sessionId = await rig.aSession();
    const accepted = await rig.run(sessionId, { command: 'echo begun; sleep 1; echo done', wait: false });
    await rig.executor.close();
    expect(seen.opened).toBe(seen.closed);
    const { rows } = await rig.database.query('SELECT state, outcome, path FROM executions WHERE execution_id = $1', [
      accepted.executionId,
    ]);
    expect(rows).toEqual([{ state: 'finished', outcome: 'succeeded', path: 'lane' }]);
  });
});
