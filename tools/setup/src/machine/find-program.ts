import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** System programs live here even when the caller's PATH, as an ordinary user's often does, leaves them out. */
const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The full path of a program, or undefined when the machine has none of that name. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_DIRECTORIES]) {
    if (directory === '') continue;
    const path = join(directory, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}
