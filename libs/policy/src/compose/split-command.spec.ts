import { describe, expect, it } from 'vitest';
import { splitCommand } from './split-command.js';

describe('a command that is one text', () => {
  it.each<[string, string[]]>([
    ['npm start', ['npm', 'start']],
    ['  a \t b\nc ', ['a', 'b', 'c']],
    ['', []],
    [`sh -c 'echo "a b" && exit 1'`, ['sh', '-c', 'echo "a b" && exit 1']],
    [`nginx -g "daemon off;"`, ['nginx', '-g', 'daemon off;']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`""  ''`, ['', '']],
    ['a\\ b \\"c\\" \\\\', ['a b', '"c"', '\\']],
    ['"a \\" \\\\ \\n \\$x"', ['a " \\ \\n $x']],
    ["'a\\'b", ['a\\b']],
    ['a\\\nb', ['ab']],
    ['# $HOME *.js', ['#', '$HOME', '*.js']],
  ])('%j is split as a shell does', (text, words) => {
    expect(splitCommand(text)).toEqual({ words });
  });

  it.each([
    [`'a`, "has ' with"],
    [`"a`, 'has " with'],
    [`"a\\"`, 'has " with'],
    ['a\\', 'has \\ with'],
    ['a && b', 'has &, which'],
    ['a | b', 'has |, which'],
    ['a; b', 'has ;, which'],
    ['a > b', 'has >, which'],
    ['`a`', 'has `, which'],
    ['$(a)', 'has (, which'],
  ])('%j is a fault', (text, fault) => {
    expect(splitCommand(text)).toEqual({ fault: expect.stringContaining(fault) });
  });
});
