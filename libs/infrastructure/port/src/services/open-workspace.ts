import type { ExecFacet } from '../exec.js';
import type { SessionRef } from '../reference.js';
import { SessionWorkspace } from './session-workspace.js';

/** Works in the workspace of a session, by the hand of its learner. */
export async function inWorkspace<T>(
  exec: Pick<ExecFacet, 'open'>,
  { ref, signal }: { readonly ref: SessionRef; readonly signal: AbortSignal },
  work: (workspace: SessionWorkspace) => Promise<T>,
): Promise<T> {
  const shell = await exec.open(ref, 'learner');
  try {
    return await work(new SessionWorkspace(shell, signal));
  } finally {
    await shell.close();
  }
}
