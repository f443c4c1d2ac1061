import { spawnSync } from 'node:child_process';
import { newExecutionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { argvOf, commandRequest, inputOf } from './command-request.js';

const executionId = newExecutionId();
const command = {
  executionId,
  program: ['git', 'commit', '-m', '$(id); "x"'],
  workingDirectory: '/workspace/a b',
  environment: { LEVEL: 'two', NALABO_EXECUTION: 'forged' },
  stdin: null,
};

describe('commandRequest', () => {
  it('hands the command over as arguments only', () => {
    const { argv } = commandRequest(command, 'token');
    expect(argv.slice(3)).toEqual(['token', '/workspace/a b', 'git', 'commit', '-m', '$(id); "x"']);
    expect(argv[2]).not.toContain('git');
  });

  it('lets the mark of the execution win over the command’s own environment', () => {
    expect(commandRequest(command, 'token').environment).toEqual({ LEVEL: 'two', NALABO_EXECUTION: executionId });
  });

  it('has a standard input only when there is some, be it empty', () => {
    expect(commandRequest(command, 'token').hasInput).toBe(false);
    expect(commandRequest({ ...command, stdin: new Uint8Array() }, 'token').hasInput).toBe(true);
  });
});

describe('a script', () => {
  const withScript = (script: string) => ({ ...command, program: { script } });
  const exitCodeOf = (script: string, input: Uint8Array | null, path = process.env['PATH']) => {
    const [shell = '', ...words] = argvOf(withScript(script));
    return spawnSync(shell, words, { input: input ?? '', env: { PATH: path, __script: 'inherited' } }).status;
  };

  it.each([
    ['true', 0],
    ['exit 3', 3],
    ['set -e\nfalse\nexit 0', 1],
    ['[ "$(cat)" = "" ]', 0],
    ['env | grep -q ^__script= && exit 3\nexit 0', 0],
    ['exit 3 # \\', 3],
  ])('%j that arrives whole ends with %i', (script, exitCode) => {
    expect(exitCodeOf(script, inputOf(withScript(script)))).toBe(exitCode);
  });

  it('of which only a part arrives never ends well', () => {
    const whole = inputOf(withScript('true\nexit 3')) ?? expect.fail('a script has input');
    for (let length = 0; length < whole.length; length += 1) {
      expect(exitCodeOf('', whole.subarray(0, length)), `${length} bytes`).toBe(126);
    }
  });

  it('is read by the cat of the system, whatever the search path leads to', () => {
    expect(exitCodeOf('', inputOf(withScript('exit 3')), '/nowhere')).toBe(3);
  });
});
