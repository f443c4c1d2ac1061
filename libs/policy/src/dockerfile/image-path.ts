/** No blank, no quote, no wildcard, no variable, and nothing that a builder takes for a flag or an address. */
const pathForm = /^(?!-)[A-Za-z0-9._+@~/-]+$/;
const systemFolders: readonly string[] = ['proc', 'sys', 'dev'];

/** The parts of a path, or undefined when it is none or leaves the folder that it begins in. */
function partsOf(path: string): readonly string[] | undefined {
  if (!pathForm.test(path)) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts;
}

/** An absolute path without repeated slashes and dots. Undefined for everything else. */
export function absolutePath(path: string): string | undefined {
  return path.startsWith('/') ? joined(partsOf(path), '/') : undefined;
}

/** A relative path without repeated slashes and dots, `.` for the folder itself. Undefined for everything else. */
export function relativePath(path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const parts = partsOf(path);
  return parts?.length === 0 ? '.' : joined(parts, '');
}

/** Where the engine keeps what belongs to the host and to itself. */
export function isSystemPath(absolute: string): boolean {
  return systemFolders.includes(absolute.split('/')[1] ?? '');
}

function joined(parts: readonly string[] | undefined, before: string): string | undefined {
  const path = parts?.join('/');
  // Without its dot in front, the first name may look like a flag.
  return path === undefined || path.startsWith('-') ? undefined : before + path;
}
