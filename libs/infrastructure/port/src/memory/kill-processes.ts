import { readdir, readFile } from 'node:fs/promises';

/** Kills every process of this machine that has `name=value` in its environment, until there is none. */
export async function killMarkedProcesses(mark: string): Promise<void> {
  for (let marked = await findMarked(mark); marked.length > 0; marked = await findMarked(mark)) {
    marked.forEach(killQuietly);
  }
}

async function findMarked(mark: string): Promise<readonly number[]> {
  const processIds = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const carries = await Promise.all(processIds.map((processId) => carriesMark(processId, mark)));
  return processIds.filter((_, index) => carries[index]).map(Number);
}

async function carriesMark(processId: string, mark: string): Promise<boolean> {
  // A process that has ended, or belongs to someone else, has no readable environment: it is not one of ours to kill.
  const environment = await readFile(`/proc/${processId}/environ`, 'latin1').catch(() => '');
  return environment.split('\0').includes(mark);
}

function killQuietly(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
