import { setTimeout as delay } from 'node:timers/promises';
import { rpcs, type SessionView } from '@nalabo/contracts';
import { isRetryable, toAppError } from '@nalabo/kernel';
import { FactFeed, RpcClient } from '@nalabo/messaging';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '../edge/caller.js';

export interface Wait {
  readonly seconds: number;
  readonly caller: Caller;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Facts are hints that may be lost, so the session is read again at least this often. */
const pollMilliseconds = 1_000;
const readMilliseconds = 2_000;

/** Waits until a new session is ready or has ended. */
@Injectable()
export class SessionWait implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly rpc: RpcClient,
    private readonly feed: FactFeed,
  ) {}

  /** A service that stops answers those who wait with what is known by then. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** Resolves with the session in its last known state when it is settled or the wait is over; never rejects for a lost read. */
  async untilSettled(session: SessionView, { seconds, caller, signal }: Wait): Promise<SessionView> {
    const over = AbortSignal.any([signal, this.stopping.signal, AbortSignal.timeout(seconds * 1000)]);
    let hint = Promise.withResolvers<void>();
    const unsubscribe = this.feed.subscribeFacts({ sessionId: session.id }, () => hint.resolve());
    try {
      let latest = session;
      while (!isSettled(latest) && !over.aborted) {
        hint = Promise.withResolvers();
        latest = await this.read(latest, caller);
        if (!isSettled(latest)) await Promise.race([hint.promise, pause(over)]);
      }
      return latest;
    } finally {
      unsubscribe();
    }
  }

  private async read(latest: SessionView, caller: Caller): Promise<SessionView> {
    const sessionId = latest.id;
    const context = { ...caller, sessionId, timeoutMs: readMilliseconds };
    try {
      return await this.rpc.request(rpcs.provisioner.getSession, { sessionId }, context);
    } catch (thrown) {
      // The session exists; an outage of the provisioner must not hide that from its creator.
      if (isRetryable(toAppError(thrown))) return latest;
      throw thrown;
    }
  }
}

function isSettled({ state }: SessionView): boolean {
  return state !== 'REQUESTED' && state !== 'PROVISIONING';
}

/** Ends early, without an error, when the wait is over. */
async function pause(signal: AbortSignal): Promise<void> {
  await delay(pollMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
