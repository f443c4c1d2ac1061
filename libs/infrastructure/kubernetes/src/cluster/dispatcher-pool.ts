import type { Dispatcher } from 'undici';

const keptMs = 60_000;
/** A call that has been given a pool sends its request much sooner than this. */
const graceMs = 10_000;

/**
 * The library makes a pool of connections for every call. One is kept for a while: calls share its connections, and
 * certificates that have been renewed are used soon. What still runs on an old one runs to its end.
 */
export class DispatcherPool {
  private kept: { readonly dispatcher: Dispatcher; readonly until: number } | undefined;

  /** The one that is kept, or else `fresh`, which is then the one. */
  take(fresh: Dispatcher): Dispatcher {
    const now = performance.now();
    if (this.kept && this.kept.until >= now) return this.kept.dispatcher;
    const old = this.kept?.dispatcher;
    if (old && old !== fresh) setTimeout(() => old.close(() => undefined), graceMs).unref();
    this.kept = { dispatcher: fresh, until: now + keptMs };
    return fresh;
  }
}
