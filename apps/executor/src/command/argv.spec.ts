import { describe, expect, it } from 'vitest';
import { argvOf } from './argv.js';

describe('argvOf', () => {
  it('gives text to a shell as one argument', () => {
    expect(argvOf('echo "$HOME" | wc -c')).toEqual(['sh', '-c', 'echo "$HOME" | wc -c']);
  });

  it('leaves an array as it is, so that nothing in it is expanded', () => {
    const command = ['echo', '$(id)', '; reboot', '`id`', '&&', 'a\nb'];
    expect(argvOf(command)).toEqual(command);
  });
});
