import { sessionStateSchema, type SessionState } from '@nalabo/contracts';

/** What cleanup knows about a session that is alive. */
export interface Deadline {
  readonly sessionId: string;
  readonly ownerId: string;
  readonly target: string;
  readonly state: SessionState;
  readonly expiresAt: Date;
  readonly expiryVersion: number;
}

const lifeOrder: readonly SessionState[] = sessionStateSchema.options;

/**
 * The row to keep when news of a session arrive, or undefined when they change nothing. News may come twice, late and in any
 * order: the expiry with the highest version counts, and a state never goes back.
 */
export function mergeDeadline(known: Deadline | undefined, news: Deadline): Deadline | undefined {
  if (!known) return news;
  const newerExpiry = news.expiryVersion > known.expiryVersion;
  const laterState = lifeOrder.indexOf(news.state) > lifeOrder.indexOf(known.state);
  if (!newerExpiry && !laterState) return undefined;
  const { expiresAt, expiryVersion } = newerExpiry ? news : known;
  return { ...known, state: laterState ? news.state : known.state, expiresAt, expiryVersion };
}
