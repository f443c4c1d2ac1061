import { byType, type Form, listOf, readAs, text } from '../rules/form.js';
import { composeLimits } from './compose-limits.js';
import { splitCommand } from './split-command.js';

const { commandItems, commandCharacters } = composeLimits;
const word = text({ longest: commandCharacters, says: 'a text' });

const line: Form<readonly string[]> = readAs(word, (one, scope) => {
  const split = splitCommand(one);
  if ('fault' in split) return scope.refuse(split.fault);
  return split.words.length <= commandItems ? split.words : scope.refuse(`has more than ${commandItems} words`);
});

/** A program and its arguments: one text, split as a shell does, or a list. */
export const command: Form<readonly string[]> = {
  ...byType<readonly string[]>({ text: line, list: listOf(word, commandItems) }),
  says: 'one text without operators of a shell, or a list of words',
};
