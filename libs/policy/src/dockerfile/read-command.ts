import { commandRules } from './command-rules.js';
import type { Command, Step } from './dockerfile-model.js';
import type { DockerfileRule } from './dockerfile-rule.js';
import type { ReadingPlace } from './reading-place.js';
import { readJsonWords } from './read-words.js';

/** `[` as a command of the shell. Builders disagree on a list that something follows, so that no list may begin so. */
const testForm = /^\[[\t ]+[^\t "\]]/;

export function readRun(rest: string, place: ReadingPlace): Step | undefined {
  const command = readCommandText(rest, commandRules.run, place);
  if (command === undefined) return undefined;
  if (typeof command !== 'string' && !isProgram(command[0])) return place.scope.under(commandRules.run).refuse();
  return { kind: 'run', command };
}

/** The command of a container, which may be an empty list: that of the base image is gone then. */
export function readCommand(kind: 'cmd' | 'entrypoint') {
  return (rest: string, place: ReadingPlace): Step | undefined => {
    const command = readCommandText(rest, commandRules[kind], place);
    return command === undefined ? undefined : { kind, command };
  };
}

export function readShell(rest: string, { scope }: ReadingPlace): Step | undefined {
  const words = readJsonWords(rest);
  return words && isProgram(words[0]) ? { kind: 'shell', words } : scope.under(commandRules.shell).refuse();
}

function readCommandText(rest: string, rule: DockerfileRule, { scope }: ReadingPlace): Command | undefined {
  const words = readJsonWords(rest);
  if (words) return words;
  if (rest.endsWith('\\')) return scope.under(commandRules.backslash).refuse();
  return rest === '' || (rest.startsWith('[') && !testForm.test(rest)) ? scope.under(rule).refuse() : rest;
}

/** A first word with dashes is a flag that was meant to stand before the list. */
function isProgram(word: string | undefined): boolean {
  return word !== undefined && word !== '' && !word.startsWith('-');
}
