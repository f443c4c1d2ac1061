import { newExecutionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { commandRequest } from './command-request.js';

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
