import type { ExecutionView, OutputFrame } from '@nalabo/contracts';
import { newExecutionId, newId, type SessionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';

let rig: ExecutorRig;
let second: INestApplication;
const elsewhere = { instance: newId() };
beforeAll(async () => {
  rig = await startExecutorRig();
  second = await rig.startExecutor(elsewhere.instance);
  const sessionId = await rig.aSession();
  await eventually(() => rig.run(sessionId, {}, undefined, elsewhere));
});
afterAll(async () => {
  await second.close();
  await rig.stop();
});

const here = () => ({ instance: rig.replica });

interface Running {
  readonly place: { readonly sessionId: SessionId; readonly executionId: string };
  readonly result: Promise<ExecutionView>;
}

async function start(command: string, request: object = {}): Promise<Running> {
  const sessionId = await rig.aSession();
  const executionId = newExecutionId();
  const result = rig.run(sessionId, { executionId, command, ...request }, undefined, here());
  await eventually(() => rig.get(sessionId, executionId));
  return { place: { sessionId, executionId }, result };
}

async function allFrames(place: Running['place'], instance = {}): Promise<OutputFrame[]> {
  const frames: OutputFrame[] = [];
  for (let more = true; more;) {
    const page = await rig.join(place, frames.length - 1, instance);
    expect(JSON.stringify(page).length).toBeLessThan(512 * 1024);
    frames.push(...page.frames);
    more = page.more;
  }
  return frames;
}

function bytesOf(frames: readonly OutputFrame[], stream: 'stdout' | 'stderr'): Buffer {
  return Buffer.concat(
    frames.flatMap((frame) =>
      frame.kind === 'output' && frame.stream === stream ? [Buffer.from(frame.data, 'base64')] : [],
    ),
  );
}

const followed: readonly (readonly [string, string])[] = [
  ['text', 'echo hello'],
  ['nothing', 'true'],
  ['both streams in turns', 'for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.03; done'],
  [
    'characters that come in two parts',
    String.raw`printf 'a\342'; sleep 0.1; printf '\202\254b\360\237'; sleep 0.1; printf '\221\215'`,
  ],
  ['the beginning of a character at the end', String.raw`printf 'a\342\202'`],
  ['a byte at a time', 'for i in 1 2 3 4 5 6 7 8; do printf $i; sleep 0.025; done'],
  ['binary', 'head -c 100000 /dev/urandom; head -c 50000 /dev/urandom >&2'],
  ['more than is kept', 'head -c 300000 /dev/zero; head -c 262145 /dev/zero >&2; echo end'],
  ['a failure to start', 'exec /no/such/program'],
];

describe('the frames of a command that prints', () => {
  it.each(followed)('%s are the same live, after its end, and in another process', async (_, command) => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const live = await rig.follow(executionId);
    const result = await rig.run(sessionId, { executionId, command, live: true }, undefined, here());
    await eventually(() => expect(live.at(-1)?.kind).toBe('finished'));
    expect(live.map(({ seq }) => seq)).toEqual([...live.keys()]);
    expect(live.length).toBeLessThan(60);
    expect(live[0]).toEqual({ kind: 'started', seq: 0, startedAt: result.startedAt });
    expect(live.at(-1)).toMatchObject({ outcome: result.outcome, exitCode: result.exitCode, path: 'lane' });
    const truncated = live.flatMap((frame) => (frame.kind === 'truncated' ? [frame.stream] : []));
    expect(truncated).toEqual((['stdout', 'stderr'] as const).filter((stream) => result.truncated[stream]));
    for (const stream of ['stdout', 'stderr'] as const) {
      expect(bytesOf(live, stream).toString('base64')).toBe(result[stream]);
    }
    expect(await allFrames({ sessionId, executionId }, here())).toEqual(live);
    expect(await allFrames({ sessionId, executionId }, elsewhere)).toEqual(live);
  });

  it('never cut a character', async () => {
    const command = `yes 'é€👍' | head -c 200000; yes '👍' | head -c 100003 >&2`;
    const { place, result } = await start(command);
    await result;
    const outputs = (await allFrames(place)).filter((frame) => frame.kind === 'output');
    const texts = outputs.map(({ data }) => Buffer.from(data, 'base64'));
    expect(texts.length).toBeGreaterThan(9);
    expect(texts.every(({ length }) => length <= 32 * 1024)).toBe(true);
    // The commands were cut in the middle of a character; only the last piece of each stream shows it.
    expect(texts.filter((text) => text.toString().includes('\ufffd')).length).toBeLessThanOrEqual(2);
  });
});

describe('the frames of a command that printed more than is kept', () => {
  it('leave out the character that the limit cut in two', async () => {
    const { place, result } = await start(`printf ab; yes '€' | tr -d '\\n' | head -c 300000`);
    const { stdout } = await result;
    expect(Buffer.from(stdout, 'base64')).toHaveLength(256 * 1024);
    const text = bytesOf(await allFrames(place), 'stdout').toString();
    expect(text === `ab${'€'.repeat(87_380)}`).toBe(true);
  });
});

describe('a running command', () => {
  it.each([
    ['here', here],
    ['through another executor', () => elsewhere],
  ])('can be joined %s, with what was missed and all that comes', async (_, instanceOf) => {
    const { place, result } = await start('echo one; until [ -e go ]; do sleep 0.02; done; echo two; echo three >&2');
    await eventually(async () => expect((await rig.join(place, -1, instanceOf())).frames).toHaveLength(2));
    const live = await rig.follow(place.executionId);
    const { frames } = await rig.join(place, 0, instanceOf());
    await rig.run(place.sessionId, { command: 'touch go' });
    await result;
    await eventually(() => expect(live.at(-1)?.kind).toBe('finished'));
    expect([...frames, ...live].map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect((await allFrames(place)).slice(1)).toEqual([...frames, ...live]);
  });

  it('publishes nothing as long as nobody follows', async () => {
    const sessionId = await rig.aSession();
    const executionId = newExecutionId();
    const live = await rig.follow(executionId);
    await rig.run(sessionId, { executionId, command: 'echo hello' });
    const other = newExecutionId();
    const followedToo = await rig.follow(other);
    await rig.run(sessionId, { executionId: other, command: 'echo hello', live: true });
    await eventually(() => expect(followedToo.at(-1)?.kind).toBe('finished'));
    expect(live).toEqual([]);
  });

  it('is answered at once when nobody waits for it, and its end can be read', async () => {
    const { place, result } = await start('until [ -e go ]; do sleep 0.02; done; echo done', { wait: false });
    expect(await result).toMatchObject({ state: 'running', outcome: null, path: null, stdout: '' });
    expect(await rig.get(place.sessionId, place.executionId)).toEqual(await result);
    const running = await rig.list(place.sessionId, { cursor: null, limit: 5, state: 'running' });
    expect(running.items.map(({ executionId }) => executionId)).toEqual([place.executionId]);
    await rig.run(place.sessionId, { command: 'touch go' });
    const ended = await eventually(async () => {
      const view = await rig.get(place.sessionId, place.executionId);
      expect(view.state).toBe('finished');
      return view;
    });
    expect(ended).toMatchObject({ outcome: 'succeeded', stdout: Buffer.from('done\n').toString('base64') });
    expect((await rig.list(place.sessionId, { cursor: null, limit: 5, outcome: 'failed' })).items).toEqual([]);
    expect((await rig.list(place.sessionId, { cursor: null, limit: 5, outcome: 'succeeded' })).items).toHaveLength(2);
  });

  it('is cancelled with what it had printed, here and through another executor, and as often as one likes', async () => {
    for (const instance of [here(), elsewhere]) {
      const { place, result } = await start('echo begun; sleep 60');
      await eventually(async () => expect((await rig.join(place)).frames).toHaveLength(2));
      const [first, again] = await Promise.all([rig.cancel(place, instance), rig.cancel(place, here())]);
      expect(first).toMatchObject({ state: 'finished', outcome: 'cancelled', exitCode: null });
      expect(Buffer.from(first.stdout, 'base64').toString()).toBe('begun\n');
      expect(await result).toEqual(first);
      expect(again).toEqual(first);
      expect(await rig.cancel(place, instance)).toEqual(first);
    }
  });

  it('stays as it ended when it is cancelled too late', async () => {
    const { place, result } = await start('exit 3');
    const ended = await result;
    expect(await rig.cancel(place, elsewhere)).toEqual(ended);
    expect(ended).toMatchObject({ outcome: 'failed', exitCode: 3 });
  });

  it('is ended when its session ends', async () => {
    const { place, result } = await start('sleep 60');
    const begun = performance.now();
    await rig.announceEnd(place.sessionId);
    expect(await result).toMatchObject({ outcome: 'cancelled', exitCode: null });
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('says that it left processes', async () => {
    const { result } = await start('sleep 30 & echo done');
    expect(await result).toMatchObject({ outcome: 'succeeded', leftProcesses: true });
  });

  it('that prints without end is killed with little memory, followed or not', async () => {
    const sessionId = await rig.aSession();
    // The first time shows how far the collector lets a process under output grow; from there on nothing is added.
    await rig.run(sessionId, { command: 'cat /dev/zero' });
    const before = process.memoryUsage().rss;
    for (const live of [false, true]) {
      const view = await rig.run(sessionId, { command: 'cat /dev/zero', live }, undefined, here());
      expect(view).toMatchObject({ outcome: 'failed', exitCode: null, truncated: { stdout: true, stderr: false } });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 2 ** 20);
  });

  it('of another session cannot be joined or cancelled', async () => {
    const { place, result } = await start('sleep 1');
    const foreign = { ...place, sessionId: await rig.aSession() };
    await expect(rig.join(foreign)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(rig.cancel(foreign)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await result).toMatchObject({ outcome: 'succeeded' });
  });
});
