import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const NOBODY = 65534;
const ENTERABLE_BY_ALL = 0o001;

export type ServerAccount = { uid: number; gid: number } | Record<string, never>;

/** PostgreSQL refuses to run as root, so root starts it as nobody; everybody else runs it as himself. */
export function serverAccount(): ServerAccount {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Whether that account can walk to the path: below root's home directory, for one, it cannot. */
export async function isReachable(path: string, account: ServerAccount): Promise<boolean> {
  if (account.uid === undefined) return true;
  for (let directory = dirname(resolve(path)); ; directory = dirname(directory)) {
    const mode = await stat(directory).then(
      (entry) => entry.mode,
      () => ENTERABLE_BY_ALL, // not there yet: it will be made enterable
    );
    if ((mode & ENTERABLE_BY_ALL) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
