import type { SessionView } from '@nalabo/contracts';
import { ApiClient } from './api-client.js';
import type { Access } from './dev-env.js';

const ended: ReadonlySet<SessionView['state']> = new Set(['TERMINATED', 'FAILED']);
const patienceMilliseconds = 3000;

/** The ids of the newest sessions that have not ended; none when the API does not answer. */
export async function liveSessions(access: Access): Promise<string[]> {
  const api = new ApiClient(access, AbortSignal.timeout(patienceMilliseconds));
  // This only informs, at the end of a stack that may be broken.
  const sessions = await api.sessions().catch(() => []);
  return sessions.filter(({ state }) => !ended.has(state)).map(({ id }) => id);
}
