import { facts, rpcs } from '@nalabo/contracts';
import { toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Database, Outbox, Transaction } from '@nalabo/persistence';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { replicaName } from '../replica-name.js';
import { DueRowsLoop, type Write } from '../due/due-rows-loop.js';
import { platformRequest } from '../platform-request.js';
import { nextVerification, type Look, type Verification } from './next-verification.js';
import type { ReceiptEntity } from './receipt.entity.js';
import { ReceiptStore } from './receipt.store.js';

/** A target with many objects takes seconds to list. */
const requestTimeoutMs = 10_000;
const leaseSeconds = 30;

/**
 * Has the monitor look whether an ended session is really gone, until it is. The provisioner's own word is no proof: an
 * engine can lose a removal, and a create whose answer was lost can finish after it.
 */
@Injectable()
export class VerificationLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Verification');
  private readonly loop: DueRowsLoop;

  constructor(
    @Inject(replicaName) holder: string,
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly receipts: ReceiptStore,
    private readonly rpc: RpcClient,
    private readonly outbox: Outbox,
  ) {
    this.loop = new DueRowsLoop(transaction, {
      table: 'receipts',
      dueColumn: 'next_verification_at',
      leaseSeconds,
      holder,
      work: (sessionId) => this.verify(sessionId),
    });
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loop.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** A session has ended. */
  wake(): void {
    this.loop.wake();
  }

  private async verify(sessionId: string): Promise<Write> {
    const receipt = await this.transaction.run((manager) => this.receipts.find(manager, sessionId));
    // The receipt was pruned between the claim and here.
    if (!receipt) return () => Promise.resolve();
    const attempts = receipt.attempts + 1;
    const look = await this.look(receipt);
    const verification = nextVerification({ left: receipt.left, attempts }, look);
    if (verification.fact === 'leaked') this.logger.error(`session ${sessionId} left ${JSON.stringify(look?.left)}`);
    return async (manager) => {
      await this.receipts.noteLook(manager, sessionId, look, verification.againInMilliseconds);
      if (look) await this.announce(manager, sessionId, look, verification.fact);
    };
  }

  /** Null when nobody could look. */
  private async look({ sessionId, target, attempts }: ReceiptEntity): Promise<Look | null> {
    try {
      const context = { ...platformRequest(), sessionId, timeoutMs: requestTimeoutMs };
      const { at, left } = await this.rpc.request(rpcs.monitor.verifyAbsence, { sessionId, target }, context);
      return { at: new Date(at), left };
    } catch (error) {
      const { kind, message } = toAppError(error);
      if (attempts === 0) this.logger.warn(`session ${sessionId} cannot be verified yet: ${kind}: ${message}`);
      return null;
    }
  }

  private async announce(
    manager: EntityManager,
    sessionId: string,
    look: Look,
    fact: Verification['fact'],
  ): Promise<void> {
    const at = look.at.toISOString();
    const context = { ...platformRequest(), sessionId };
    if (fact === 'verified') await this.outbox.add(manager, facts.sessionVerified, { at }, context);
    if (fact === 'leaked') await this.outbox.add(manager, facts.sessionLeaked, { at, left: [...look.left] }, context);
  }
}
