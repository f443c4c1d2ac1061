import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AppError, newExecutionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { LocalTransport } from '../memory/local-transport.js';
import { executionMark } from './command-request.js';
import { Killer } from './killer.js';
import { type ScriptResult, ScriptRunner, type Scripts } from './script-runner.js';

const target = (mark: string) => ({ groups: `1${mark}`, mark, shell: '' });

/** Scripts that end when the test says so. */
class HeldScripts implements Scripts {
  readonly parameters: (readonly string[])[] = [];
  private readonly ends: PromiseWithResolvers<ScriptResult>[] = [];

  run(_script: string, parameters: readonly string[]): Promise<ScriptResult> {
    this.parameters.push(parameters);
    const end = Promise.withResolvers<ScriptResult>();
    this.ends.push(end);
    return end.promise;
  }

  end(exitCode: number | null = 0): void {
    this.ends.shift()?.resolve({ exitCode, output: '' });
  }

  fail(error: AppError): void {
    this.ends.shift()?.reject(error);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('kills', () => {
  it('that come while one is under way are done together in the next', async () => {
    const scripts = new HeldScripts();
    const killer = new Killer(scripts);
    const first = killer.kill(target('a'));
    await turn();
    const others = ['b', 'c', 'd'].map((mark) => killer.kill(target(mark)));
    await turn();
    expect(scripts.parameters).toEqual([['1a', 'a', '']]);
    scripts.end();
    await first;
    await turn();
    expect(scripts.parameters.slice(1)).toEqual([['1b 1c 1d', 'b c d', '']]);
    scripts.end();
    await Promise.all(others);
  });

  it('that fail are told to all that were killed together, and to nobody else', async () => {
    const scripts = new HeldScripts();
    const killer = new Killer(scripts);
    const failing = [killer.kill(target('a')), killer.kill(target('b'))];
    await turn();
    const next = killer.kill(target('c'));
    scripts.fail(new AppError('not_found', 'gone'));
    for (const kill of failing) await expect(kill).rejects.toMatchObject({ kind: 'not_found' });
    await turn();
    scripts.end();
    await next;
    expect(scripts.parameters).toEqual([
      ['1a 1b', 'a b', ''],
      ['1c', 'c', ''],
    ]);
  });

  it.each([null, 137])('of which nobody can say what they did are failures: %s', async (exitCode) => {
    const scripts = new HeldScripts();
    const kill = new Killer(scripts).kill(target('a'));
    await turn();
    scripts.end(exitCode);
    await expect(kill).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('end everything that carries one of their marks, and nothing else', { timeout: 30_000 }, async () => {
    const directory = process.cwd();
    const killer = new Killer(new ScriptRunner(new LocalTransport({ directory, environment: {} })));
    const marks = [newExecutionId(), newExecutionId(), newExecutionId()] as const;
    const sleepers = marks.map(sleeper);
    try {
      const ends = sleepers.slice(0, 2).map((child) => once(child, 'exit'));
      await Promise.all(marks.slice(0, 2).map((mark) => killer.kill({ groups: '', mark, shell: '' })));
      expect(await Promise.all(ends)).toEqual([
        [null, 'SIGKILL'],
        [null, 'SIGKILL'],
      ]);
      expect(sleepers[2]?.signalCode).toBeNull();
    } finally {
      for (const child of sleepers) child.kill('SIGKILL');
    }
  });
});

function sleeper(mark: string): ChildProcess {
  return spawn('/bin/sleep', ['60'], { env: { [executionMark]: mark }, stdio: 'ignore' });
}
