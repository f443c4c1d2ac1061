import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeShells, exited, LocalShells, run, sh } from './local-shells.cases.js';

const killed = { kind: 'killed' };
const lost = { kind: 'lost' };
const well = { path: 'lane', end: exited(0), stdout: 'well\n', leftProcesses: false };
/** A second until it is looked at, and several times as much for a busy machine. */
const soonMs = 10_000;
/** What waits to the end of each of its steps takes less than half of it on a machine that is not busy. */
const boundedMs = 20_000;

describeShells('the end of a command or of its lane', (file) => {
  let shells: LocalShells;
  beforeEach(async () => {
    shells = await LocalShells.make(file);
  });
  afterEach(async () => {
    await shells.remove();
    await eventually(async () => expect(await shells.living()).toEqual([]));
  });

  const isWell = async (): Promise<void> => {
    expect(await sh(shells.lanes, 'echo well')).toMatchObject(well);
  };
  const lanesOpened = (): number => shells.requests.filter(({ hasInput }) => hasInput).length;
  const sleepers = async (): Promise<readonly string[]> =>
    (await shells.living()).filter((name) => name.includes('sleep'));

  it.each([
    ['with nothing else', 'kill -9 $PPID'],
    ['with a command that goes on and holds the output', 'kill -9 $PPID; trap "" TERM HUP; sleep 1000'],
    ['by a request to end', 'kill -TERM $PPID; sleep 1000'],
  ])('is noticed when a command kills its lane %s, which costs no other command anything', async (_, text) => {
    const other = sh(shells.lanes, 'sleep 0.5; echo well');
    const startedAt = performance.now();
    expect((await sh(shells.lanes, text)).end).toMatchObject(lost);
    expect(performance.now() - startedAt).toBeLessThan(soonMs);
    expect(await other).toMatchObject(well);
    await isWell();
    await eventually(async () => expect(await sleepers()).toEqual([]));
  });

  it('is noticed when all lanes are killed, the control lane too', async () => {
    const running = sh(shells.lanes, 'echo $PPID; sleep 1000');
    await isWell();
    await sh(
      shells.lanes,
      `for file in /proc/[0-9]*/environ; do grep -qz 'NALABO_EXECUTION=lane-' $file && grep -qz 'NALABO_TEST_SHELL=${shells.directory}' $file && kill -9 \${file%/environ} \${file#/proc/}; done 2>/dev/null; for file in /proc/[0-9]*/environ; do grep -qz 'NALABO_EXECUTION=lane-' $file && grep -qz 'NALABO_TEST_SHELL=${shells.directory}' $file && pid=\${file#/proc/} && kill -9 \${pid%/environ}; done 2>/dev/null`,
    );
    expect((await running).end).toMatchObject(lost);
    await isWell();
  });

  it('is not kept back by a child that holds the output, which is told; the lane is used again without it', async () => {
    const left = await sh(shells.lanes, 'sleep 1000 & echo $!');
    expect(left).toMatchObject({ path: 'lane', end: exited(0), leftProcesses: true });
    const opened = lanesOpened();
    for (let round = 0; round < 5; round += 1) await isWell();
    expect(await sh(shells.lanes, `kill ${left.stdout}`)).toMatchObject({ end: exited(0) });
    await pause(1100);
    await isWell();
    expect(lanesOpened()).toBeLessThanOrEqual(opened + 2);
  });

  it('goes by exec when too many lanes are held, and leaves what holds them alone', async () => {
    const pids: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      const { stdout, leftProcesses } = await sh(shells.lanes, 'sleep 1000 >&2 & echo $!');
      expect(leftProcesses).toBe(true);
      pids.push(stdout.trim());
    }
    expect(await sh(shells.lanes, 'echo x')).toMatchObject({ stdout: 'x\n' });
    expect((await sleepers()).length).toBe(12);
    expect((await sh(shells.lanes, `kill ${pids.join(' ')}`)).end).toEqual(exited(0));
  });

  it('costs next to nothing when what is left behind writes without end', async () => {
    const { stdout, leftProcesses } = await sh(shells.lanes, 'yes & echo $!');
    expect(leftProcesses).toBe(true);
    const before = process.cpuUsage();
    await pause(1000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(400);
    await isWell();
    expect((await sh(shells.lanes, `kill -9 ${/^\d+$/m.exec(stdout)?.[0]}`)).end).toEqual(exited(0));
  });

  it.each([
    [
      'a tree with pipes, groups and sessions',
      `trap '' TERM HUP; (trap '' TERM; sleep 1000 | sleep 1000) & setsid sleep 1000 & sleep 1000`,
    ],
    ['what runs without the mark', `env -i /bin/sh -c 'sleep 1000 & sleep 1000'`],
    ['what is stopped', 'kill -STOP $$'],
    ['what writes without end', 'yes & yes >&2'],
  ])('comes to %s by an abort', async (_, text) => {
    // By then a lane is open: what is aborted while it waits for one goes no way at all.
    await isWell();
    for (const program of [['sh', '-c', text], { script: text }]) {
      const startedAt = performance.now();
      const aborted = run(shells.lanes, program, { signal: AbortSignal.timeout(300) });
      expect(await aborted).toMatchObject({ path: 'lane', end: killed });
      expect(performance.now() - startedAt).toBeLessThan(boundedMs);
      expect(await sleepers()).toEqual([]);
    }
    await isWell();
    expect(lanesOpened()).toBeLessThanOrEqual(3);
  });

  it('comes with a last word to what listens', async () => {
    const text = `trap 'echo last word; exit 3' TERM; echo ready; while :; do sleep 0.05; done`;
    const abort = new AbortController();
    let said = '';
    const stdout = (chunk: Uint8Array): void => {
      said += Buffer.from(chunk).toString();
      abort.abort();
    };
    expect((await sh(shells.lanes, text, { io: { stdout }, signal: abort.signal })).end).toEqual(killed);
    expect(said).toBe('ready\nlast word\n');
    await isWell();
  });

  it('comes by an abort at any moment, and the next command is none the worse', async () => {
    for (let delay = 0; delay < 20; delay += 2) {
      const abort = new AbortController();
      const running = sh(shells.lanes, 'sleep 1000', { signal: abort.signal });
      await pause(delay);
      abort.abort();
      expect((await running).end).toEqual(killed);
      await isWell();
    }
    expect(await sleepers()).toEqual([]);
  });

  it('comes although nobody takes the output any more', async () => {
    const startedAt = performance.now();
    const io = { stdout: () => new Promise<void>(() => undefined) };
    expect(await sh(shells.lanes, 'yes', { io, signal: AbortSignal.timeout(300) })).toMatchObject({ end: killed });
    expect(performance.now() - startedAt).toBeLessThan(boundedMs);
    await isWell();
  });

  it('comes to a command whose consumer throws, and throws that', async () => {
    const io = { stdout: () => Promise.reject(new Error('no more')) };
    await expect(sh(shells.lanes, 'echo hello; sleep 1000', { io })).rejects.toThrow('no more');
    expect(await sleepers()).toEqual([]);
    await isWell();
  });

  it('comes before a command that was aborted before it began', async () => {
    const file = `${shells.directory}/ran`;
    const signal = AbortSignal.abort();
    expect((await sh(shells.lanes, `touch ${file}`, { signal })).end).toEqual(killed);
    expect((await sh(shells.lanes, `test ! -e ${file}`)).end).toEqual(exited(0));
  });

  it('comes to a lane that is stopped only with the command’s own', async () => {
    await isWell();
    const stopping = sh(shells.lanes, 'kill -STOP $PPID; echo stopped', { signal: AbortSignal.timeout(1000) });
    expect((await stopping).end).toEqual(killed);
    await isWell();
  });

  it('of one of many commands at once is its own', async () => {
    const commands = Array.from({ length: 20 }, (_, index) => sh(shells.lanes, `echo ${index}; exit ${index}`));
    const rans = await Promise.all(commands);
    expect(rans.map(({ end, stdout }) => ({ end, stdout }))).toEqual(
      rans.map((_, index) => ({ end: exited(index), stdout: `${index}\n` })),
    );
  });

  it('leaves no more than five shells waiting', async () => {
    await Promise.all(Array.from({ length: 8 }, () => sh(shells.lanes, 'sleep 0.3')));
    expect((await shells.living()).length).toBeLessThanOrEqual(5);
    await shells.lanes.close();
    await eventually(async () => expect(await shells.living()).toEqual([]));
  });
});
