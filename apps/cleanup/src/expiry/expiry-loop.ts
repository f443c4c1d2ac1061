import { rpcs } from '@nalabo/contracts';
import { backoffDelay, toAppError, type BackoffPolicy } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Database, Transaction } from '@nalabo/persistence';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { replicaName } from '../replica-name.js';
import { DeadlineStore } from '../deadlines/deadline.store.js';
import type { Deadline } from '../deadlines/merge-deadline.js';
import { DueRowsLoop, type Write } from '../due/due-rows-loop.js';
import { platformRequest } from '../platform-request.js';
import { RereadLoop } from '../reread/reread-loop.js';

const requestTimeoutMs = 5_000;
const leaseSeconds = 15;

/** Short, because a session past its end costs its owner and the platform; the provisioner is asked for ten at a time. */
const backoff: BackoffPolicy = { firstMilliseconds: 1_000, factor: 2, maximumMilliseconds: 15_000 };

/**
 * Asks the provisioner to end each session at its expiry. The provisioner would notice by itself at its next look at the
 * session; this loop makes the end prompt.
 */
@Injectable()
export class ExpiryLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Expiry');
  private readonly loop: DueRowsLoop;

  constructor(
    @Inject(replicaName) holder: string,
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly deadlines: DeadlineStore,
    private readonly rpc: RpcClient,
    private readonly reread: RereadLoop,
  ) {
    this.loop = new DueRowsLoop(transaction, {
      table: 'deadlines',
      dueColumn: 'next_attempt_at',
      leaseSeconds,
      holder,
      work: (sessionId) => this.expire(sessionId),
    });
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loop.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** A deadline was added or moved. */
  wake(): void {
    this.loop.wake();
  }

  private async expire(sessionId: string): Promise<Write> {
    const deadline = await this.transaction.run((manager) => this.deadlines.find(manager, sessionId));
    // The session ended between the claim and here, and its row went.
    if (!deadline) return () => Promise.resolve();
    if (await this.end(deadline)) return (manager) => this.deadlines.markEnding(manager, deadline);
    const milliseconds = backoffDelay(deadline.attempts + 1, backoff);
    return (manager) => this.deadlines.postpone(manager, deadline, milliseconds);
  }

  /** False when the session goes on, or when nobody knows. */
  private async end({ sessionId, expiryVersion, attempts }: Deadline & { attempts: number }): Promise<boolean> {
    try {
      const context = { ...platformRequest(), sessionId, timeoutMs: requestTimeoutMs };
      const { ended } = await this.rpc.request(rpcs.provisioner.endSession, { sessionId, expiryVersion }, context);
      // What is known here is out of date: the session was extended, or is ending already.
      if (!ended) this.reread.wake();
      return ended;
    } catch (error) {
      const { kind, message } = toAppError(error);
      if (attempts === 0) this.logger.warn(`session ${sessionId} cannot be ended yet: ${kind}: ${message}`);
      return false;
    }
  }
}
