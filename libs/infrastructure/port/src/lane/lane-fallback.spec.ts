import { AppError } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecStream, ExecTransport } from '../command/exec-stream.js';
import { LaneShell } from './lane-shell.js';
import { exited, LocalShells, run, sh } from './local-shells.cases.js';

describe('where no lane can be had', { timeout: 60_000 }, () => {
  let place: LocalShells;
  beforeEach(async () => {
    place = await LocalShells.make();
  });
  afterEach(async () => {
    await place.remove();
    await eventually(async () => expect(await place.living()).toEqual([]));
  }, 30_000);

  /** Opens everything but lanes, for which it does something else. */
  const without = (openLane: () => Promise<ExecStream>): ExecTransport => ({
    open: (request) => (request.hasInput && !request.mayLeaveProcesses ? openLane() : place.open(request)),
  });
  const instead = (text: string) => (): Promise<ExecStream> =>
    place.open({ argv: ['sh', '-c', text], environment: {}, hasInput: true, mayLeaveProcesses: false });

  it.each<[string, () => Promise<ExecStream>]>([
    ['because the shell ends at once', instead('exit 1')],
    ['because the shell is none', instead('cat')],
    ['because the engine refuses', () => Promise.reject(new AppError('unavailable', 'too many'))],
  ])('commands go by exec, %s', async (_, openLane) => {
    const shell = LaneShell.open(without(openLane));
    expect(await sh(shell, 'echo x; exit 3')).toMatchObject({ path: 'exec', end: exited(3), stdout: 'x\n' });
    expect(await run(shell, { script: 'echo y' })).toMatchObject({ path: 'exec', end: exited(0), stdout: 'y\n' });
    const endless = run(shell, ['sleep', '1000'], { signal: AbortSignal.timeout(200) });
    expect(await endless).toMatchObject({ path: 'exec', end: { kind: 'killed' } });
    await shell.close();
  });

  it('because the workbench is gone, a command is refused and was never started', async () => {
    const shell = LaneShell.open({ open: () => Promise.reject(new AppError('conflict', 'it does not run')) });
    await expect(sh(shell, 'true')).rejects.toMatchObject({ kind: 'not_found' });
    await shell.close();
  });

  it('for a while, what lived on meanwhile is killed when there is a lane again', async () => {
    const streams: ExecStream[] = [];
    let isAway = false;
    const shell = LaneShell.open({
      open: async (request) => {
        if (isAway) throw new AppError('unavailable', 'the engine is away');
        const stream = await place.open(request);
        streams.push(stream);
        return stream;
      },
    });
    const sleepers = async (): Promise<number> =>
      (await place.living()).filter((name) => name.startsWith('sleep')).length;
    const running = run(shell, ['sleep', '1000']);
    await expect.poll(sleepers, { timeout: 10_000 }).toBe(1);
    isAway = true;
    for (const stream of streams) stream.close();
    expect((await running).end).toMatchObject({ kind: 'lost' });
    await expect(sh(shell, 'true')).rejects.toMatchObject({ kind: 'unavailable' });
    isAway = false;
    await expect.poll(async () => (await sh(shell, 'true')).path, { interval: 500, timeout: 15_000 }).toBe('lane');
    await expect.poll(sleepers, { timeout: 15_000 }).toBe(0);
    await shell.close();
  });

  it('any more because the shell was closed, commands go by exec', async () => {
    await sh(place.lanes, 'true');
    await place.lanes.close();
    expect(await sh(place.lanes, 'echo x')).toMatchObject({ path: 'exec', stdout: 'x\n' });
  });
});
