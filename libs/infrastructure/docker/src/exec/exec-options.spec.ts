import { describe, expect, it } from 'vitest';
import { execOptions } from './exec-options.js';

const request = { argv: ['sh', '-c', 'true'], environment: { LEVEL: 'two' }, hasInput: false, mayLeaveProcesses: true };
const containerEnvironment = ['PATH=/evil:/bin', 'LD_PRELOAD=/workspace/evil.so', 'COURSE=git'];

describe('execOptions', () => {
  it('adds the environment of the program to that of the container for a learner', () => {
    const { Cmd, Env, User } = execOptions(request, { role: 'learner', containerEnvironment });
    expect([Cmd, Env, User]).toEqual([['sh', '-c', 'true'], ['LEVEL=two'], '1000:1000']);
  });

  it('takes the session’s environment away from a checker and sets its own search path', () => {
    const { Env, User } = execOptions(request, { role: 'checker', containerEnvironment });
    expect(User).toBe('2000:2000');
    expect(Env).toEqual([
      'LD_PRELOAD',
      'COURSE',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'LANG=C.UTF-8',
      'HOME=/nonexistent',
      'LEVEL=two',
    ]);
  });

  it('attaches standard input only when there is some', () => {
    const identity = { role: 'learner' as const, containerEnvironment };
    expect(execOptions({ ...request, hasInput: true }, identity).AttachStdin).toBe(true);
    expect(execOptions(request, identity).AttachStdin).toBe(false);
  });
});
