import type { ExecutionView } from '@nalabo/contracts';
import type { ApiClient } from '@nalabo/start';

export type ExecutionSummary = Omit<ExecutionView, 'stdout' | 'stderr'>;

/** All executions of a session, newest first. */
export async function readExecutions(api: ApiClient, sessionId: string): Promise<ExecutionSummary[]> {
  const found: ExecutionSummary[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`;
    const path = `/api/workshops/sessions/${sessionId}/executions?limit=200${after}`;
    const { status, body } = await api.send({ method: 'GET', path });
    if (status !== 200) throw new Error(`the executions of ${sessionId} cannot be read: ${status}`);
    const page = body as { items: ExecutionSummary[]; nextCursor: string | null };
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}
