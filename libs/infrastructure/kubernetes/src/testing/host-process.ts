import { glob, readFile, stat } from 'node:fs/promises';

const learner = 1000;

/** The process id, on this machine, of the first process of a session's workbench; undefined when its node is another. */
export async function workbenchProcess(sessionId: string): Promise<number | undefined> {
  for await (const folder of glob('/proc/[0-9]*')) {
    // Processes come and go meanwhile.
    const line = await readFile(`${folder}/cmdline`, 'utf8').catch(() => '');
    if (!line.includes('nalabo-keeper') || !line.includes(sessionId)) continue;
    const { uid } = await stat(folder);
    if (uid === learner) return Number(folder.slice('/proc/'.length));
  }
  return undefined;
}
