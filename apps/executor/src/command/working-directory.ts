import { posix } from 'node:path';
import { AppError } from '@nalabo/kernel';

const defaultWorkingDirectory = '/workspace';

/** Kernel views of the machine: a working directory inside them leads out of the sandbox through open files and roots. */
const refusedTrees = ['/proc', '/sys', '/dev'];

/** @throws AppError `unprocessable` when the path is relative, not normalised, or inside a kernel file system. */
export function workingDirectoryOf(cwd: string | null): string {
  if (cwd === null) return defaultWorkingDirectory;
  if (!cwd.startsWith('/')) throw refuse('must be absolute');
  if (posix.normalize(cwd) !== cwd) throw refuse('must be written without "..", "." and repeated slashes');
  if (refusedTrees.some((tree) => cwd === tree || cwd.startsWith(`${tree}/`))) {
    throw refuse(`must not be inside ${refusedTrees.join(', ')}`);
  }
  return cwd;
}

function refuse(rule: string): AppError {
  return new AppError('unprocessable', `cwd ${rule}`, { details: { field: 'cwd' } });
}
