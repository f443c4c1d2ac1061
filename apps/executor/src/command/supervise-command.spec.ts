import type { CommandEnd, CommandReport, CommandRun, Shell } from '@nalabo/infrastructure-port';
import { describe, expect, it } from 'vitest';
import { commandLimits } from './limits.js';
import { superviseCommand } from './supervise-command.js';

const command: CommandRun = {
  executionId: 'e',
  program: ['true'],
  workingDirectory: '/workspace',
  environment: {},
  stdin: null,
};
const limits = { ...commandLimits, keptBytesPerStream: 4, drainedBytesPerStream: 16, killGraceMilliseconds: 20 };

/** A shell whose command does what the test says. */
function shellThat(run: Shell['run']): Shell {
  return { run, close: () => Promise.resolve() };
}

const supervise = (run: Shell['run'], timeoutMs = 60_000, shutdown = new AbortController().signal) =>
  superviseCommand(shellThat(run), command, { timeoutMs, shutdown, limits });

const report = (end: CommandEnd): CommandReport => ({ end, path: 'lane', leftProcesses: false });

const untilAborted = (signal: AbortSignal): Promise<CommandReport> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(report({ kind: 'killed' }))));

describe('superviseCommand', () => {
  it('gives the exit code and what was printed', async () => {
    const result = await supervise(async (_, io) => {
      await io.stdout(Buffer.from('out'));
      await io.stderr(Buffer.from('error'));
      return report({ kind: 'exited', exitCode: 3, startFailed: false });
    });
    expect(result).toMatchObject({ outcome: 'failed', exitCode: 3, stdoutTruncated: false, stderrTruncated: true });
    expect(result.stdout.toString()).toBe('out');
    expect(result.stderr.toString()).toBe('erro');
  });

  it('kills a command whose time is over', async () => {
    const result = await supervise((_, __, signal) => untilAborted(signal), 5);
    expect(result).toMatchObject({ outcome: 'timed_out', exitCode: null });
  });

  it('kills a command that prints without end, and says that it failed and was truncated', async () => {
    const result = await supervise((_, io, signal) => {
      const printed = setInterval(() => void io.stdout(Buffer.from('yyyyyyyy')), 1);
      return untilAborted(signal).finally(() => clearInterval(printed));
    });
    expect(result).toMatchObject({ outcome: 'failed', exitCode: null, stdoutTruncated: true });
    expect(result.stdout.toString()).toBe('yyyy');
  });

  it('calls a command unknown that is killed because the process ends', async () => {
    const shutdown = new AbortController();
    const running = supervise((_, __, signal) => untilAborted(signal), 60_000, shutdown.signal);
    shutdown.abort();
    expect(await running).toMatchObject({ outcome: 'unknown', exitCode: null });
  });

  it('calls a command unknown whose target fails in the middle', async () => {
    const result = await supervise(() => Promise.reject(new Error('connection reset')));
    expect(result).toMatchObject({ outcome: 'unknown', lostDetail: 'connection reset' });
  });

  it('waits only so long for a target that does not confirm a kill', async () => {
    const result = await supervise(() => new Promise(() => undefined), 5);
    expect(result).toMatchObject({ outcome: 'unknown', exitCode: null });
    expect(result.lostDetail).toContain('not confirmed');
  });
});
