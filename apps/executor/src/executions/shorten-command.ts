import type { Command } from '@nalabo/contracts';

const ellipsis = '…';

/**
 * The command, or the beginning of it with an ellipsis, so that it takes no more than about this many bytes of JSON. It
 * is measured as JSON because a control character takes six bytes in a message; it is cut between characters.
 */
export function shortenCommand(command: Command, maximumBytes: number): Command {
  if (jsonBytes(command) <= maximumBytes) return command;
  if (typeof command === 'string') return beginningOf(command, maximumBytes);
  const kept: string[] = [];
  let left = maximumBytes - jsonBytes([]);
  for (const item of command) {
    const taken = jsonBytes(item) + 1;
    if (taken > left) return [...kept, beginningOf(item, left)];
    kept.push(item);
    left -= taken;
  }
  return kept;
}

function beginningOf(text: string, maximumBytes: number): string {
  let left = maximumBytes - jsonBytes(ellipsis);
  let end = 0;
  for (const character of text) {
    left -= jsonBytes(character) - jsonBytes('');
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end) + ellipsis;
}

function jsonBytes(value: string | readonly string[]): number {
  return Buffer.byteLength(JSON.stringify(value));
}
