import type { NamedValue } from './dockerfile-model.js';

export type PairsReading =
  | { readonly kind: 'pairs'; readonly pairs: readonly NamedValue<string | null>[] }
  /** A quote that nothing closes, or a backslash before nothing. */
  | { readonly kind: 'open' }
  /** A dollar sign that begins no plain variable. */
  | { readonly kind: 'dollar' };

/** Blanks, 'text', "text", an escaped character, and everything else. No two of them begin alike. */
const piece = /([\t ]+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\t '"\\]+)/suy;
/** A name ends where no letter follows: builders take those of all alphabets for part of it. */
const inQuotes = /\\([\s\S])|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)(?![\p{L}\p{N}_])|\$/gu;

/**
 * Reads `NAME=value NAME="other value"` as a builder does: quotes and backslashes are gone, a variable reads `${NAME}`.
 * A value is null when there is no equals sign. Takes linear time.
 */
export function readPairs(text: string): PairsReading {
  const words: string[] = [];
  let word: string | undefined;
  piece.lastIndex = 0;
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text);
    if (!match) return { kind: 'open' };
    if (match[1] === undefined) {
      const read = decode(match);
      if (read === undefined) return { kind: 'dollar' };
      word = (word ?? '') + read;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return { kind: 'pairs', pairs: words.map(pairOf) };
}

/** How many variables a value uses. */
export function countVariables(value: string): number {
  return value.split('$').length - 1;
}

function decode([, , single, double, escaped, plain]: RegExpExecArray): string | undefined {
  const literal = single ?? escaped;
  if (literal !== undefined) return literal.includes('$') ? undefined : literal;
  let isPlain = true;
  const read = (double ?? plain ?? '').replace(inQuotes, (all, after?: string, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name !== undefined) return `\${${name}}`;
    if (after === '"' || after === '\\') return after;
    isPlain &&= after !== undefined && after !== '$';
    return all;
  });
  return isPlain ? read : undefined;
}

function pairOf(word: string): NamedValue<string | null> {
  const equals = word.indexOf('=');
  return equals < 0 ? { name: word, value: null } : { name: word.slice(0, equals), value: word.slice(equals + 1) };
}
