import type { Path } from './scope.js';

/** A path as people write it, `spec.containers[0].image`, with a mark for each character that is no text. */
export function pathText(path: Path): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? part : `${before}.${part}`;
  }, '');
  return text.toWellFormed().replace(/\p{Cc}/gu, '\uFFFD');
}
