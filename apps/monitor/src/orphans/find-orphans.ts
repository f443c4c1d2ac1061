import type { OwnedObject } from '@nalabo/infrastructure-port';

/** What the provisioner says of a session; null while it has not ended. */
export interface KnownSession {
  readonly sessionId: string;
  readonly endedAt: Date | null;
}

/** Removal is certified within this time; what is there later was forgotten. */
const graceMilliseconds = 10 * 60_000;

/**
 * The listed objects that belong to no session, or to one that ended a while ago. The list must be older than the
 * knowledge, or a session that was made in between would look unknown.
 */
export function findOrphans(
  listed: readonly OwnedObject[],
  known: readonly KnownSession[],
  now: Date,
): readonly OwnedObject[] {
  const endings = new Map(known.map(({ sessionId, endedAt }) => [sessionId, endedAt]));
  return listed.filter(({ sessionId }) => {
    const endedAt = endings.get(sessionId);
    if (endedAt === undefined) return true;
    return endedAt !== null && now.getTime() - endedAt.getTime() > graceMilliseconds;
  });
}
