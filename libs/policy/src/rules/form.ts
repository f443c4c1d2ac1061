import type { Scope } from './scope.js';

/** What a value may look like, and what it is read as. */
export interface Form<T> {
  /** Completes "must be …". */
  readonly says: string;
  /** Undefined when the value is refused, which the scope has been told then. */
  read(value: unknown, scope: Scope): T | undefined;
}

/** What a form reads. */
export type ReadAs<F> = F extends Form<infer T> ? T : never;

interface TextBounds {
  readonly pattern?: RegExp;
  /** Characters at most. */
  readonly longest: number;
  /** What the pattern means, as the end of "must be …". */
  readonly says: string;
}

/** A text. Numbers and truth values are none: YAML tells them apart by quotes, and so do we. */
export function text({ pattern, longest, says }: TextBounds): Form<string> {
  return {
    says,
    read(value, scope) {
      if (typeof value !== 'string') return scope.refuse(`must be ${says}`);
      // Before the pattern, whose time may depend on it.
      if (value.length > longest) return scope.refuse(`is longer than ${longest} characters`);
      return (pattern?.test(value) ?? true) ? value : scope.refuse(`must be ${says}`);
    },
  };
}

/** A whole number between two bounds, both included. */
export function wholeNumber(least: number, most: number): Form<number> {
  const says = `a whole number from ${least} to ${most}`;
  return {
    says,
    read(value, scope) {
      const isOne = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
      return isOne ? value : scope.refuse(`must be ${says}`);
    },
  };
}

/** `true` or `false`, as YAML 1.2 writes them. */
export const flag: Form<boolean> = {
  says: 'true or false',
  read: (value, scope) => (typeof value === 'boolean' ? value : scope.refuse('must be true or false')),
};

export function oneOf<const T extends string | number | boolean>(values: readonly T[]): Form<T> {
  const says = values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  return {
    says,
    read: (value, scope) => values.find((one) => one === value) ?? scope.refuse(`must be ${says}`),
  };
}

/** Nothing behind the colon, or an empty map. */
export const empty: Form<null> = {
  says: 'empty',
  read(value, scope) {
    const isEmpty = value === null || (isMap(value) && Object.keys(value).length === 0);
    return isEmpty ? null : scope.refuse('must be empty');
  },
};

export function listOf<T>(item: Form<T>, most: number, least = 0): Form<T[]> {
  const says = `a list of at most ${most}, each ${item.says}`;
  return {
    says,
    read(value, scope) {
      if (!Array.isArray(value)) return scope.refuse(`must be ${says}`);
      if (value.length > most) return scope.refuse(`has more than ${most} entries`);
      if (value.length < least) return scope.refuse(`has fewer than ${least} entries`);
      return allOrNone(value.map((one: unknown, index) => item.read(one, scope.at(index))));
    },
  };
}

/** Names of the author's own choice, each with a value of the same form. */
export function mapOf<T>(name: Form<string>, item: Form<T>, most: number): Form<ReadonlyMap<string, T>> {
  const says = `a map of at most ${most}, each ${item.says}`;
  return {
    says,
    read(value, scope) {
      if (!isMap(value)) return scope.refuse(`must be ${says}`);
      const entries = Object.entries(value);
      if (entries.length > most) return scope.refuse(`has more than ${most} entries`);
      const read = entries.map(([key, one]) => {
        const [readKey, readItem] = [name.read(key, scope.at(key)), item.read(one, scope.at(key))];
        return readKey === undefined || readItem === undefined ? undefined : ([readKey, readItem] as const);
      });
      const all = allOrNone(read);
      return all && new Map(all);
    },
  };
}

/** A form for each way of writing the same thing, told apart by the type of the value alone. */
export interface FormsByType<T> {
  readonly text?: Form<T>;
  readonly number?: Form<T>;
  readonly flag?: Form<T>;
  readonly nothing?: Form<T>;
  readonly list?: Form<T>;
  readonly map?: Form<T>;
}

export function byType<T>(forms: FormsByType<T>): Form<T> {
  const says = Object.values(forms)
    .map((form: Form<T>) => form.says)
    .join(', or ');
  return {
    says,
    read(value, scope) {
      const form = forms[typeOf(value)];
      return form ? form.read(value, scope) : scope.refuse(`must be ${says}`);
    },
  };
}

/** The same form, read as something else. `undefined` from the change refuses. */
export function readAs<T, U>(form: Form<T>, change: (read: T, scope: Scope) => U | undefined): Form<U> {
  return {
    says: form.says,
    read(value, scope) {
      const read = form.read(value, scope);
      return read === undefined ? undefined : change(read, scope);
    },
  };
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): keyof FormsByType<unknown> {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'flag';
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? 'text' : 'map';
}

/** Everything is read before anything is given up, so that all faults are told at once. */
function allOrNone<T>(values: readonly (T | undefined)[]): T[] | undefined {
  return values.every((value) => value !== undefined) ? (values as T[]) : undefined;
}
