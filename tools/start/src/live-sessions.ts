import type { SessionView } from '@nalabo/contracts';
import type { Access } from './dev-env.js';

const ended: ReadonlySet<SessionView['state']> = new Set(['TERMINATED', 'FAILED']);
const patienceMilliseconds = 3000;

/** The ids of the newest sessions that have not ended; none when the API does not answer. */
export async function liveSessions({ url, apiKey }: Access): Promise<string[]> {
  try {
    const answer = await fetch(`${url}/api/workshops/sessions?limit=200`, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    const { items = [] } = (await answer.json()) as { items?: Pick<SessionView, 'id' | 'state'>[] };
    return items.filter(({ state }) => !ended.has(state)).map(({ id }) => id);
  } catch {
    // This only informs, at the end of a stack that may be broken.
    return [];
  }
}
