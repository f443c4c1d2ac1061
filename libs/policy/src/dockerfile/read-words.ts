/** Words between blanks, as they are. */
export function splitWords(text: string): readonly string[] {
  return text === '' ? [] : text.split(/[\t ]+/);
}

export interface Flag {
  /** With its dashes, shortened to what an answer may quote. */
  readonly name: string;
  /** Null without an equals sign. */
  readonly value: string | null;
}

/** The flags that an instruction begins with, and what follows them. */
export function splitFlags(text: string): { readonly flags: readonly Flag[]; readonly rest: string } {
  const flags: Flag[] = [];
  let begin = 0;
  while (text.startsWith('--', begin)) {
    const blank = text.slice(begin).search(/[\t ]/);
    const end = blank < 0 ? text.length : begin + blank;
    const word = text.slice(begin, end);
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    flags.push({ name: shownFlag(name), value: equals < 0 ? null : word.slice(equals + 1) });
    begin = end;
    while (text[begin] === ' ' || text[begin] === '\t') begin += 1;
  }
  return { flags, rest: text.slice(begin) };
}

/** As much of the flag that a text begins with as an answer may quote. */
export function shownFlag(text: string): string {
  return /^--[A-Za-z-]{0,30}/.exec(text)?.[0] ?? '';
}

/**
 * The words of a JSON list. Undefined for JSON of another shape, and for what begins like a list and is none.
 * A word may hold any text but NUL.
 */
export function readJsonWords(text: string): readonly string[] | undefined {
  const value = parseJson(text);
  return Array.isArray(value) && value.every(isWord) ? value : undefined;
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no list of words either.
    return undefined;
  }
}
