import { newExecutionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import type { CommandRun } from '../exec.js';
import { commandText, fitsLane, scriptText } from './lane-text.js';

const command: CommandRun = {
  executionId: newExecutionId(),
  program: ['true'],
  workingDirectory: '/workspace',
  environment: {},
  stdin: null,
};
const kibibyte = 1024;

describe('fitsLane', () => {
  it.each<[string, Partial<CommandRun>, boolean]>([
    ['a program', {}, true],
    ['a script', { program: { script: 'echo "it\'s"' } }, true],
    ['any characters but NUL', { program: ['echo', '\x01\n\'"$`\\✓'] }, true],
    ['a program with NUL', { program: ['echo', 'a\0b'] }, false],
    ['a directory with NUL', { workingDirectory: '/a\0' }, false],
    ['standard input', { stdin: new Uint8Array() }, false],
    ['90 KiB of text', { program: ['echo', 'x'.repeat(90 * kibibyte)] }, true],
    ['97 KiB of text', { program: ['echo', 'x'.repeat(97 * kibibyte)] }, false],
    ['a script that grows beyond it by quoting', { program: { script: "'".repeat(30 * kibibyte) } }, false],
    ['much environment', { environment: { A: 'x'.repeat(60 * kibibyte), B: 'x'.repeat(60 * kibibyte) } }, false],
    ['a name that no shell can set', { environment: { 'a-b': '1' } }, false],
    ['a name like those of the lane itself', { environment: { __s: '1' } }, false],
    ['a name that a shell keeps for itself', { environment: { PPID: '1' } }, false],
  ])('of %s', (_, overrides, fits) => {
    expect(fitsLane({ ...command, ...overrides })).toBe(fits);
  });
});

describe('a lane is told', () => {
  it('everything of a command as quoted words, with the mark of the execution last', () => {
    const environment = { LEVEL: `it's $(id)`, NALABO_EXECUTION: 'forged' };
    const text = commandText({ ...command, program: ['a', ''], environment }, { end: 'END', complaint: 'NO' });
    expect(text).toBe(
      `( exec 2>&3 3>&-
__c NO '/workspace'
export LEVEL='it'\\''s $(id)'
export NALABO_EXECUTION='${command.executionId}'
__x NO 'a' ''
) </dev/null
__e END $?
`,
    );
  });

  it('a script beside its arguments', () => {
    const text = commandText({ ...command, program: { script: 'secret' } }, { end: 'END', complaint: 'NO' });
    expect(text).toMatch(/^printf '%s\\n' 'secret\n#end' \| \(/);
    expect(text.match(/secret/g)).toHaveLength(1);
  });

  it('our own scripts with their parameters', () => {
    expect(scriptText('kill_all "$1"', ['', 'a b'], 'END')).toBe(`set -- '' 'a b'\nkill_all "$1"\n__m END $?\n`);
  });
});
