import { execFileSync } from 'node:child_process';
import { rpcs, type TerminalView } from '@nalabo/contracts';
import { newId, type SessionId } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldCommand, letGo } from '../command/held-command.cases.js';
import { type ExecutorRig, learner, startExecutorRig } from '../executor-rig.cases.js';
import { TerminalUser } from './terminal-user.cases.js';

let rig: ExecutorRig;
let sessionId: SessionId;

beforeAll(async () => {
  rig = await startExecutorRig();
});

afterAll(() => rig?.stop());

const aUser = (actor = learner) => new TerminalUser(rig.executor, actor);
const anInstructor = () => anActor({ role: 'instructor', ownerId: 'ines' });

async function opened(wanted = {}): Promise<TerminalUser> {
  const user = aUser();
  sessionId = await rig.aSession();
  await user.attach({ sessionId, ...wanted });
  return user;
}

const context = { actor: learner, correlationId: newId() };
const request = () => rig.executor.get(RpcClient);
const list = async (): Promise<TerminalView[]> =>
  (await request().request(rpcs.executor.listTerminals, { sessionId }, context)).items;
const end = (terminalId: string) => request().request(rpcs.executor.endTerminal, { sessionId, terminalId }, context);

async function rowOf(terminalId: string): Promise<Record<string, unknown>> {
  const { rows } = await rig.database.query('SELECT * FROM terminals WHERE terminal_id = $1', [terminalId]);
  return (rows as Record<string, unknown>[])[0] ?? {};
}

/** The processes of this machine that belong to the terminal. */
function processesOf(terminalId: string): string {
  return execFileSync('sh', ['-c', `grep -lsaz "NALABO_EXECUTION=$1" /proc/[0-9]*/environ || true`, 'sh', terminalId])
    .toString()
    .trim();
}

describe('a terminal', () => {
  it('is a shell that shows what is typed, and ends with its code', async () => {
    const user = await opened();
    await user.turn('echo $((40 + 2)) "$TERM"\r');
    await user.sees(/^42 xterm-256color\r$/m);
    expect(await list()).toMatchObject([{ terminalId: user.terminalId, sessionId, endedAt: null, end: null }]);
    expect(await rowOf(user.terminalId)).toMatchObject({ instance: rig.replica, actor: { ownerId: learner.ownerId } });
    await user.turn('exit 3\r');
    expect(await user.told('ended')).toEqual({ kind: 'ended', exitCode: 3 });
    await eventually(async () => expect(await list()).toEqual([]));
    expect(await rowOf(user.terminalId)).toMatchObject({ end_reason: 'exited' });
    await expect(aUser().attach({ sessionId, terminalId: user.terminalId })).rejects.toMatchObject({ kind: 'gone' });
  });

  it('has the size that its owner says', async () => {
    const user = await opened();
    await user.turn('', { columns: 132, rows: 50 });
    await eventually(async () => {
      await user.turn('stty size\r');
      expect(user.screen).toMatch(/^50 132\r$/m);
    });
  });

  it('goes on without anybody, and gives what was missed', async () => {
    const user = await opened();
    await user.turn('echo first-$((1))\r');
    await user.sees(/^first-1/m);
    await user.turn(`${heldCommand}; echo second-$((2))\r`);
    await user.sees(/echo second/);
    const { terminalId, received: offset } = user;
    await user.detach();
    await letGo(rig, sessionId);
    const again = aUser();
    await eventually(async () =>
      expect((await again.attach({ sessionId, terminalId, offset })).end).toBeGreaterThan(offset),
    );
    await again.sees(/^second-2/m);
    expect(again.screen).not.toContain('first-1');
  });

  it('is found through every executor, and lives in one', async () => {
    const user = await opened();
    const replica = newId();
    const second = await rig.startExecutor(replica);
    const other = aUser();
    await eventually(async () => {
      const attached = await other.attach({ sessionId, terminalId: user.terminalId }, replica);
      expect(attached.instance).toBe(rig.replica);
    });
    expect(await user.told('closed')).toEqual({ kind: 'closed', reason: 'taken_over' });
    await other.turn('echo through-$((3))\r');
    await other.sees(/^through-3/m);
    await second.close();
  });

  it('ends when somebody asks for it, with what runs in it, and twice is success', async () => {
    const user = await opened();
    await user.turn('sleep 1000 & setsid sleep 1000 & echo began-$((1))\r');
    await user.sees(/^began-1/m);
    expect(processesOf(user.terminalId)).not.toBe('');
    expect(await end(user.terminalId)).toMatchObject({ end: 'closed' });
    expect(await user.told('closed')).toEqual({ kind: 'closed', reason: 'closed' });
    expect(processesOf(user.terminalId)).toBe('');
    expect(await end(user.terminalId)).toMatchObject({ end: 'closed' });
  });

  it('is one of four at most', async () => {
    const user = await opened();
    const more = [aUser(), aUser(), aUser()];
    for (const one of more) await one.attach({ sessionId });
    await expect(aUser().attach({ sessionId })).rejects.toMatchObject({ kind: 'exhausted' });
    await end(user.terminalId);
    await aUser().attach({ sessionId });
  });
});

describe('who may', () => {
  it('open a terminal: those who may use the session, while it is ready', async () => {
    const user = await opened();
    const { terminalId } = user;
    const stranger = aUser(anActor({ ownerId: 'mallory' }));
    await expect(stranger.attach({ sessionId })).rejects.toMatchObject({ kind: 'not_found' });
    await expect(stranger.attach({ sessionId, terminalId })).rejects.toMatchObject({ kind: 'not_found' });
    const foreign = await rig.aSession();
    await expect(aUser().attach({ sessionId: foreign, terminalId })).rejects.toMatchObject({ kind: 'not_found' });
    const ended = await rig.aSession({ state: 'TERMINATED' });
    await expect(aUser().attach({ sessionId: ended })).rejects.toMatchObject({ kind: 'gone' });
    const early = await rig.aSession({ state: 'PROVISIONING' });
    await expect(aUser().attach({ sessionId: early })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('take up a connection again: only while they still may', async () => {
    const user = await opened();
    const { terminalId } = user;
    rig.change(sessionId, { ownerId: 'somebody-else' });
    await rig.announceReady(sessionId);
    await eventually(() =>
      expect(aUser().attach({ sessionId, terminalId })).rejects.toMatchObject({ kind: 'not_found' }),
    );
  });

  it('watch: instructors, who do not type', async () => {
    const user = await opened();
    const { terminalId } = user;
    await expect(aUser().attach({ sessionId, terminalId, mode: 'watch' })).rejects.toMatchObject({ kind: 'forbidden' });
    const watcher = aUser(anInstructor());
    await expect(watcher.attach({ sessionId, mode: 'watch' })).rejects.toMatchObject({ kind: 'invalid_input' });
    await watcher.attach({ sessionId, terminalId, mode: 'watch' });
    await expect(watcher.turn('echo no\r')).rejects.toMatchObject({ kind: 'forbidden' });
    await user.turn('echo seen-$((5))\r');
    await watcher.sees(/^seen-5/m);
    expect(user.screen).not.toContain('echo no');
  });
});

describe('the end', () => {
  it('of a session closes its terminals, and says so', async () => {
    const user = await opened();
    rig.change(sessionId, { state: 'TERMINATING' });
    await rig.announceEnd(sessionId);
    expect(await user.told('closed')).toEqual({ kind: 'closed', reason: 'session_over' });
    await eventually(async () => expect(await rowOf(user.terminalId)).toMatchObject({ end_reason: 'session_over' }));
    expect(processesOf(user.terminalId)).toBe('');
  });

  it('of an executor that is stopped closes its terminals, and leaves none of their processes', async () => {
    const replica = newId();
    const stopping = await rig.startExecutor(replica);
    sessionId = await rig.aSession();
    const user = aUser();
    await eventually(() => user.attach({ sessionId }, replica));
    await user.turn('trap "" HUP TERM; sleep 1000 & echo began-$((1))\r');
    await user.sees(/^began-1/m);
    await stopping.close();
    expect(await user.told('closed')).toEqual({ kind: 'closed', reason: 'shutdown' });
    expect(await rowOf(user.terminalId)).toMatchObject({ end_reason: 'shutdown' });
    expect(processesOf(user.terminalId)).toBe('');
  });

  it('of an executor that died is told within its lease to whoever comes back', async () => {
    const user = await opened();
    const died = newId();
    await rig.database.query(
      `INSERT INTO terminals (terminal_id, session_id, actor, instance, lease_until)
       SELECT $1, session_id, actor, 'died', clock_timestamp() + interval '4 seconds' FROM terminals WHERE terminal_id = $2`,
      [died, user.terminalId],
    );
    await expect(aUser().attach({ sessionId, terminalId: died })).rejects.toMatchObject({ kind: 'unavailable' });
    await eventually(
      () => expect(aUser().attach({ sessionId, terminalId: died })).rejects.toMatchObject({ kind: 'gone' }),
      { timeoutMs: 30_000 },
    );
    expect(await rowOf(died)).toMatchObject({ end_reason: 'lost' });
    expect(await list()).toMatchObject([{ terminalId: user.terminalId }]);
  });

  it('comes to a terminal whose row was given up, so that none lives that nobody finds', async () => {
    const user = await opened();
    await rig.database.query(
      `UPDATE terminals SET ended_at = now(), end_reason = 'lost', lease_until = NULL WHERE terminal_id = $1`,
      [user.terminalId],
    );
    expect(await user.told('closed')).toEqual({ kind: 'closed', reason: 'lost' });
    await eventually(() => expect(processesOf(user.terminalId)).toBe(''));
  });

  it('of a workbench ends its terminals as lost', async () => {
    const user = await opened();
    await rig.target.backend.removeWorkbench(sessionId);
    await eventually(async () => expect((await rowOf(user.terminalId))['end_reason']).toEqual(expect.any(String)));
  });
});
