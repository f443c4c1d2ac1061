import { copyRules } from './copy-rules.js';
import type { CopyStep } from './dockerfile-model.js';
import { absolutePath, isSystemPath, relativePath } from './image-path.js';
import type { ReadingPlace } from './reading-place.js';
import { type Flag, readJsonWords, splitFlags, splitWords } from './read-words.js';
import { userPattern } from './user-pattern.js';

const remoteForm = /^[a-z][a-z0-9+.-]*:\/\/|^[^/]*@[^/]*:|\.git(?:[#/]|$)/i;
const archiveForm = /\.(?:tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$/i;

export function readCopy(text: string, place: ReadingPlace): CopyStep | undefined {
  const { flags, rest } = splitFlags(text);
  const from = readFlag('--from', flags, place, readStage);
  const owner = readFlag('--chown', flags, place, readOwner);
  refuseOthers(flags, ['--from', '--chown'], place);
  const paths = readPaths(rest, place);
  if (from === undefined || owner === undefined || !paths) return undefined;
  const sources = allOf(paths.sources.map((path) => readSource(path, from, place)));
  const target = readTarget(paths.target, place);
  return sources && target !== undefined ? { kind: 'copy', from, owner, sources, target } : undefined;
}

/** What is left of ADD without addresses and archives is COPY. */
export function readAdd(text: string, place: ReadingPlace): CopyStep | undefined {
  const { flags, rest } = splitFlags(text);
  const owner = readFlag('--chown', flags, place, readOwner);
  refuseOthers(flags, ['--chown'], place);
  const paths = readPaths(rest, place);
  if (owner === undefined || !paths) return undefined;
  const sources = allOf(
    paths.sources.map((path) => {
      const rule = remoteForm.test(path) ? copyRules.remote : archiveForm.test(path) ? copyRules.archive : undefined;
      return rule ? place.scope.under(rule).refuse() : readSource(path, null, place);
    }),
  );
  const target = readTarget(paths.target, place);
  if (!sources || target === undefined) return undefined;
  place.scope.note('Is read as COPY.');
  return { kind: 'copy', from: null, owner, sources, target };
}

interface Paths {
  readonly sources: readonly string[];
  readonly target: string;
}

function readPaths(rest: string, { scope }: ReadingPlace): Paths | undefined {
  const words = rest.startsWith('[') ? readJsonWords(rest) : splitWords(rest);
  const [target = '', ...reversed] = [...(words ?? [])].reverse();
  const isFolder = target.endsWith('/') || target === '.' || target.endsWith('/.');
  const isComplete = target !== '' && (reversed.length === 1 || (reversed.length > 1 && isFolder));
  return isComplete ? { sources: reversed.reverse(), target } : scope.under(copyRules.form).refuse();
}

function readSource(path: string, from: string | null, { scope, context }: ReadingPlace): string | undefined {
  if (from !== null) {
    const inStage = absolutePath(path);
    return inStage !== undefined && !isSystemPath(inStage) ? inStage : scope.under(copyRules.source).refuse();
  }
  const source = relativePath(path);
  if (source === undefined) return scope.under(copyRules.source).refuse();
  const names = [...context.files.keys()];
  const isThere = names.some((name) => source === '.' || name === source || name.startsWith(`${source}/`));
  return isThere ? source : scope.under(copyRules.missing).refuse();
}

/** A target is a folder when a slash or a dot ends it, which the model says by a slash. */
function readTarget(path: string, { scope, stage }: ReadingPlace): string | undefined {
  const isRelative = !path.startsWith('/');
  const whole = isRelative && stage.workdir !== null ? `${stage.workdir}/${path}` : path;
  const target = isRelative && path.startsWith('-') ? undefined : absolutePath(whole);
  if (target === undefined || isSystemPath(target)) return scope.under(copyRules.target).refuse();
  return target !== '/' && /(?:^|\/)\.?$/.test(path) ? `${target}/` : target;
}

type FlagReader = (value: string, place: ReadingPlace) => string | undefined;

/** Null when the flag is not there, undefined when it is refused. The same flag twice is refused. */
function readFlag(
  name: string,
  flags: readonly Flag[],
  place: ReadingPlace,
  read: FlagReader,
): string | null | undefined {
  const [flag, ...others] = flags.filter((one) => one.name === name);
  if (others.length > 0) return place.scope.at(name).under(copyRules.flag).refuse();
  return flag ? read(flag.value ?? '', place) : null;
}

function readStage(value: string, { scope, earlier }: ReadingPlace): string | undefined {
  const name = value.toLowerCase();
  return earlier.some((stage) => stage.name === name) ? name : scope.at('--from').under(copyRules.from).refuse();
}

function readOwner(value: string, { scope }: ReadingPlace): string | undefined {
  return userPattern.test(value) ? value : scope.at('--chown').under(copyRules.owner).refuse();
}

function refuseOthers(flags: readonly Flag[], known: readonly string[], { scope }: ReadingPlace): void {
  for (const { name } of flags) if (!known.includes(name)) scope.at(name).under(copyRules.flag).refuse();
}

function allOf<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  return values.every((value) => value !== undefined) ? values : undefined;
}
