import type { CommandEnd, CommandReport } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { type CommandEnding, type StartCommand, superviseCommand } from './supervise-command.js';

const supervise = (start: StartCommand, timeoutMs = 60_000, stop = new AbortController()): Promise<CommandEnding> =>
  superviseCommand(start, { timeoutMs, stop, killGraceMilliseconds: 20 });

const report = (end: CommandEnd): CommandReport => ({ end, path: 'lane', leftProcesses: true });

const untilAborted = (signal: AbortSignal): Promise<CommandReport> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(report({ kind: 'killed' }))));

describe('superviseCommand', () => {
  it('gives the exit code and what the shell reports', async () => {
    const ending = await supervise(() => Promise.resolve(report({ kind: 'exited', exitCode: 3, startFailed: false })));
    expect(ending).toMatchObject({ outcome: 'failed', exitCode: 3, path: 'lane', leftProcesses: true, detail: null });
  });

  it('kills a command whose time is over', async () => {
    expect(await supervise(untilAborted, 5)).toMatchObject({ outcome: 'timed_out', exitCode: null });
  });

  it.each([
    ['flood', 'failed'],
    ['cancelled', 'cancelled'],
    ['session-end', 'cancelled'],
    ['shutdown', 'unknown'],
  ])('ends a command that is killed because of %s as %s', async (cause, outcome) => {
    const stop = new AbortController();
    const running = supervise(untilAborted, 60_000, stop);
    stop.abort(cause);
    stop.abort('timeout');
    expect(await running).toMatchObject({ outcome, exitCode: null });
  });

  it('calls a command unknown whose target fails in the middle', async () => {
    const ending = await supervise(() => Promise.reject(new Error('connection reset')));
    expect(ending).toMatchObject({ outcome: 'unknown', path: null, detail: 'connection reset' });
  });

  it('says of a command that was never started that it could not start', async () => {
    const ending = await supervise(() => Promise.reject(new AppError('unavailable', 'the engine is away')));
    expect(ending).toMatchObject({ outcome: 'failed', exitCode: null, startFailed: true, path: null });
    expect(ending.detail).toBe('the engine is away');
  });

  it('waits only so long for a target that does not confirm a kill', async () => {
    const ending = await supervise(() => new Promise(() => undefined), 5);
    expect(ending).toMatchObject({ outcome: 'unknown', exitCode: null });
    expect(ending.detail).toContain('not confirmed');
  });
});
