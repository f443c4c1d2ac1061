import { createHash } from 'node:crypto';

/** Texts by their path in the workspace; null for a file that was not there. */
export type FileTexts = Readonly<Record<string, string | null>>;

/** SHA-256 of texts by their path; null for a file that was taken away. */
export type FileDigests = Readonly<Record<string, string | null>>;

export interface FilesToRestore {
  readonly files: FileTexts;
  /** The paths that somebody else has written to meanwhile: what he wrote there stays. */
  readonly kept: readonly string[];
}

export function digestsOf(files: ReadonlyMap<string, string | null>): FileDigests {
  return Object.fromEntries([...files].map(([path, text]) => [path, digestOf(text)]));
}

/**
 * Which files bring back what was there before an apply that was cut off: those that hold just what it wrote. Nothing that a
 * learner has written since then is lost.
 */
export function filesToRestore(
  before: FileTexts,
  written: FileDigests,
  now: ReadonlyMap<string, string | null>,
): FilesToRestore {
  const different = Object.entries(before).filter(([path, text]) => (now.get(path) ?? null) !== text);
  const isWritten = (path: string): boolean => digestOf(now.get(path) ?? null) === written[path];
  return {
    files: Object.fromEntries(different.filter(([path]) => isWritten(path))),
    kept: different.flatMap(([path]) => (isWritten(path) ? [] : [path])),
  };
}

function digestOf(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text).digest('hex');
}
