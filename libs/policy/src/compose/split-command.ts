/** What the words of a command are, or why they cannot be told. */
export type SplitCommand = { readonly words: readonly string[] } | { readonly fault: string };

const escapedInQuotes = new Set(['"', '\\', '$', '`', '\n']);
const operators = new Set([';', '&', '|', '<', '>', '(', ')', '`']);

/**
 * Splits a command into words as a POSIX shell does, with quotes and backslashes. Nothing is expanded, and what only a
 * shell could carry out is a fault: Compose would drop the rest of the line without a word.
 */
export function splitCommand(text: string): SplitCommand {
  const words: string[] = [];
  // Undefined between two words: "" is a word too.
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (operators.has(character)) {
      return { fault: `has ${character}, which only a shell understands` };
    } else {
      const piece = pieceAt(text, at);
      if (!piece) return { fault: `has ${character} with nothing that belongs to it` };
      word = (word ?? '') + piece.text;
      at = piece.last;
    }
  }
  return { words: word === undefined ? words : [...words, word] };
}

interface Piece {
  readonly text: string;
  /** The position of its last character. */
  readonly last: number;
}

function pieceAt(text: string, at: number): Piece | undefined {
  const character = text.charAt(at);
  if (character === "'") {
    const end = text.indexOf("'", at + 1);
    return end < 0 ? undefined : { text: text.slice(at + 1, end), last: end };
  }
  if (character === '"') return quoted(text, at);
  if (character !== '\\') return { text: character, last: at };
  return at + 1 < text.length ? { text: escaped(text.charAt(at + 1)), last: at + 1 } : undefined;
}

function quoted(text: string, start: number): Piece | undefined {
  let content = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const [character, next] = [text.charAt(at), text.charAt(at + 1)];
    if (character === '"') return { text: content, last: at };
    const isEscape = character === '\\' && escapedInQuotes.has(next);
    content += isEscape ? escaped(next) : character;
    if (isEscape) at += 1;
  }
  return undefined;
}

/** A line that ends in a backslash goes on in the next one. */
function escaped(character: string): string {
  return character === '\n' ? '' : character;
}
