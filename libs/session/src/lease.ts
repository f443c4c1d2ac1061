/**
 * How long a reconciler may work on a session before it has to say that it is still there. Shorter, and a slow provider
 * call or a paused process loses its session to another one; longer, and a dead process delays its sessions. Losing a
 * session is the safer side: every write checks the lease, so the first one changes nothing any more.
 */
export const leaseSeconds = 30;

/**
 * The same for an apply, which asks whether the session still has to be there each time that it renews: the end of a session
 * waits so long at most, and so long what an executor that died has left half-made.
 */
export const applyLeaseSeconds = 15;

/** Two renewals may fail before the lease is lost. */
export const leaseRenewalMilliseconds = (leaseSeconds * 1000) / 3;
