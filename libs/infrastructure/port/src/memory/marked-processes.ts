import { readdir, readFile } from 'node:fs/promises';

/** The environment variable by which the processes of one command are found, those that left its group too. */
export const processMark = 'NALABO_EXECUTION_ID';

/** Kills the group and then everything that still carries the mark, until nothing does. */
export async function killMarkedProcesses(executionId: string, groupId: number): Promise<void> {
  killQuietly(-groupId);
  for (let marked = await findMarked(executionId); marked.length > 0; marked = await findMarked(executionId)) {
    marked.forEach(killQuietly);
  }
}

async function findMarked(executionId: string): Promise<readonly number[]> {
  const entries = await readdir('/proc');
  const candidates = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid) => ((await carries(pid, executionId)) ? [Number(pid)] : [])),
  );
  return candidates.flat();
}

async function carries(pid: string, executionId: string): Promise<boolean> {
  // A process that has ended, or belongs to someone else, has no readable environment: it is not one of ours to kill.
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environment.split('\0').includes(`${processMark}=${executionId}`);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Already gone is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
