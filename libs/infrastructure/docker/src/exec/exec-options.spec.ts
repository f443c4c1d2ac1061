import { newExecutionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { commandOptions } from './exec-options.js';

const executionId = newExecutionId();
const command = {
  executionId,
  argv: ['git', 'commit', '-m', '$(id); "x"'],
  workingDirectory: '/workspace/a b',
  environment: { LEVEL: 'two', NALABO_EXECUTION: 'forged' },
  stdin: null,
};
const containerEnvironment = ['PATH=/evil:/bin', 'LD_PRELOAD=/workspace/evil.so', 'COURSE=git'];

describe('commandOptions', () => {
  it('hands the command over as arguments only', () => {
    const { Cmd, WorkingDir, User } = commandOptions(command, { role: 'learner', containerEnvironment }, 'token');
    expect(Cmd?.slice(3)).toEqual(['token', '/workspace/a b', 'git', 'commit', '-m', '$(id); "x"']);
    expect(Cmd?.[2]).not.toContain('git');
    expect([WorkingDir, User]).toEqual([undefined, '1000:1000']);
  });

  it('lets the mark of the execution win over the command’s own environment', () => {
    const { Env } = commandOptions(command, { role: 'learner', containerEnvironment }, 'token');
    expect(Env).toEqual(['LEVEL=two', 'NALABO_EXECUTION=forged', `NALABO_EXECUTION=${executionId}`]);
  });

  it('takes the session’s environment away from a checker and sets its own search path', () => {
    const { Env, User } = commandOptions(command, { role: 'checker', containerEnvironment }, 'token');
    expect(User).toBe('2000:2000');
    expect(Env?.slice(0, 3)).toEqual([
      'LD_PRELOAD',
      'COURSE',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  it('attaches standard input only when there is some', () => {
    const options = commandOptions(
      { ...command, stdin: new Uint8Array() },
      { role: 'learner', containerEnvironment },
      't',
    );
    expect(options.AttachStdin).toBe(true);
    expect(commandOptions(command, { role: 'learner', containerEnvironment }, 't').AttachStdin).toBe(false);
  });
});
