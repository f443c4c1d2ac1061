import { facts } from '@nalabo/contracts';
import type { FactFeed } from '@nalabo/messaging';

const endingFacts = [facts.sessionTerminating.fact, facts.sessionTerminated.fact];

/**
 * Calls the listener when a session is being ended, and again when it has. An event is a hint: one that is missed does not
 * come again.
 * @returns What ends the subscription.
 */
export function onSessionEnd(
  feed: Pick<FactFeed, 'subscribeFacts'>,
  listener: (sessionId: string) => void,
): () => void {
  return feed.subscribeFacts({ fact: endingFacts }, ({ sessionId }) => {
    if (sessionId !== null) listener(sessionId);
  });
}
