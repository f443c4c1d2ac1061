import type { ReplyOf, rpcs } from '@nalabo/contracts';
import type { Deadline } from '../deadlines/merge-deadline.js';
import type { EndedSession } from '../receipts/receipt.store.js';

type Item = ReplyOf<typeof rpcs.provisioner.listDeadlines>['items'][number];

/** The sessions of a page that are alive, and those that have ended. */
export function splitPage(items: readonly Item[]): { alive: Deadline[]; ended: EndedSession[] } {
  const alive: Deadline[] = [];
  const ended: EndedSession[] = [];
  for (const { ended: end, state, expiresAt, expiryVersion, ...session } of items) {
    if (end) ended.push({ ...session, reason: end.reason, endedAt: new Date(end.at), removed: end.removed });
    else alive.push({ ...session, state, expiresAt: new Date(expiresAt), expiryVersion });
  }
  return { alive, ended };
}
