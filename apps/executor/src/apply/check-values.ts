import { manifestLimits } from './manifest-limits.js';

export type Path = readonly (string | number)[];

export interface ValueFault {
  readonly path: Path;
  readonly message: string;
}

/** What the platform itself writes begins like this. */
const reservedPrefix = 'nalabo.io/';

const controlCharacter = /\p{Cc}/u;
/** Every control character but those of lines and tables. */
const strangeCharacter = /[^\P{Cc}\t\n\r]/u;
const unreadable = 'has a character that is no text';

/**
 * Finds what cannot be handed on: values that JSON cannot carry exactly, texts that nobody can store, names that are ours,
 * and more values or levels than a file may have once its aliases are followed.
 */
export function checkValues(root: unknown): readonly ValueFault[] {
  const faults: ValueFault[] = [];
  let nodes = 0;
  const walk = (value: unknown, path: Path): void => {
    nodes += 1;
    if (nodes > manifestLimits.nodes) return;
    if (path.length > manifestLimits.depth) {
      faults.push({ path: [], message: `is nested deeper than ${manifestLimits.depth} levels, its aliases followed` });
      nodes = Number.POSITIVE_INFINITY;
    } else if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index]));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) {
        const message = faultOfKey(key);
        if (message !== undefined) faults.push({ path: [...path, key], message });
        walk(field, [...path, key]);
      }
    } else {
      const message = faultOfScalar(value);
      if (message !== undefined) faults.push({ path, message });
    }
  };
  walk(root, []);
  if (nodes > manifestLimits.nodes && Number.isFinite(nodes)) {
    faults.push({ path: [], message: `has more than ${manifestLimits.nodes} values, its aliases followed` });
  }
  return faults;
}

function faultOfKey(key: string): string | undefined {
  if (controlCharacter.test(key) || !key.isWellFormed()) return unreadable;
  return key === '__proto__' || key.startsWith(reservedPrefix) ? 'is a name that is reserved' : undefined;
}

function faultOfScalar(value: unknown): string | undefined {
  if (typeof value === 'string' && (strangeCharacter.test(value) || !value.isWellFormed())) return unreadable;
  if (typeof value !== 'number' || isExact(value)) return undefined;
  return 'is a number that would be changed on the way; write it as a text';
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** A path as the API writes it, `spec.containers[0].image`, with a mark for each character that is no text. */
export function pathText(path: Path): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? part : `${before}.${part}`;
  }, '');
  return text.toWellFormed().replace(/\p{Cc}/gu, '\uFFFD');
}
