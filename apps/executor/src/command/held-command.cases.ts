import { writeFile } from 'node:fs/promises';
import type { SessionId } from '@nalabo/kernel';
import type { ExecutorRig } from '../executor-rig.cases.js';

/** Runs until the commands of its session are let go. */
export const heldCommand = 'until [ -e go ]; do sleep 0.02; done';

/** Lets what waits for the file end, past the executor: it may be cut off, or take no further command. */
export async function letGo(
  { target }: Pick<ExecutorRig, 'target'>,
  sessionId: SessionId,
  file = '/workspace/go',
): Promise<void> {
  const path = await target.backend.workbench(sessionId)?.locate(file);
  if (path !== undefined) await writeFile(path, '');
}
