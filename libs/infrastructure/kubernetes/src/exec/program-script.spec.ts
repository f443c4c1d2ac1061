import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bootstrap, programScript } from './program-script.js';

const token = 'f00dcafe';
const request = { argv: ['true'], environment: {}, hasInput: false, mayLeaveProcesses: true };

/** As an exec does it, on this machine. */
function exec(script: string, input = ''): { status: number | null; stdout: string; stderr: string } {
  const [program = '', ...args] = bootstrap;
  return spawnSync(program, args, { input: `${script}${input}`, encoding: 'utf8' });
}

describe('programScript', () => {
  it.each([true, false])('keeps every argument and variable exactly (may leave processes: %s)', (mayLeaveProcesses) => {
    const text = `it's "$HOME" $n \`id\` \\ line\nbreak\n\n* é✓\u0081\u0088 ${'x'.repeat(1000)}`;
    const argv = ['sh', '-c', 'printf "%s|" "$@" "$TEXT"', 'sh', text, '', '-n'];
    const script = programScript({ ...request, argv, environment: { n: 'x', TEXT: text }, mayLeaveProcesses }, token);
    expect(exec(script)).toMatchObject({ status: 0, stdout: `${text}||-n|${text}|` });
    expect(script.indexOf('\n')).toBe(script.length - 1);
  });

  it.each([
    [['sh', '-c', 'echo err >&2; exit 3'], 3, 'err\n'],
    [['sh', '-c', 'kill -9 $$'], 137, ''],
  ])('tells the end of %j on stderr', (argv, status, stderr) => {
    const script = programScript({ ...request, argv }, token);
    expect(exec(script)).toMatchObject({ status, stderr: `${stderr}\x01${token} ${status}\n` });
  });

  it('hands on the input behind it, to the last byte or to nobody', () => {
    const withInput = { ...request, hasInput: true };
    const input = 'a\nb\n'.repeat(100_000);
    expect(exec(programScript({ ...withInput, argv: ['cat'] }, token), input).stdout).toBe(input);
    expect(exec(programScript({ ...withInput, argv: ['true'] }, token), input).status).toBe(0);
    expect(exec(programScript({ ...request, argv: ['cat'] }, token), input).stdout).toBe('');
  });

  it('lets the program lead a process group of its own', () => {
    const argv = ['sh', '-c', 'ps -o pgid= -p $$; echo $$'];
    const [group, id] = exec(programScript({ ...request, argv }, token))
      .stdout.trim()
      .split(/\s+/);
    expect(group).toBe(id);
  });

  it('does nothing when it arrives in part', () => {
    const script = programScript({ ...request, argv: ['echo', 'ran'] }, token);
    expect(exec(script.slice(0, -1))).toMatchObject({ status: 1, stdout: '' });
  });
});
