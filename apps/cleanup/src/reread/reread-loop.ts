import { rpcs, type ReplyOf } from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { BackgroundLoop, Transaction } from '@nalabo/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DeadlineStore } from '../deadlines/deadline.store.js';
import { ReceiptStore } from '../receipts/receipt.store.js';
import { VerificationLoop } from '../receipts/verification-loop.js';
import { platformRequest } from '../platform-request.js';
import { splitPage } from './split-page.js';

type Page = ReplyOf<typeof rpcs.provisioner.listDeadlines>;

const intervalMilliseconds = 60_000;
const pageSize = 200;
const backoff = { firstMilliseconds: 1_000, factor: 2, maximumMilliseconds: 15_000 };

/**
 * Reads every deadline from the provisioner at the start and each minute. Facts can be lost, late or unknown to a database
 * that was restored; this read makes cleanup right again whatever happened.
 */
@Injectable()
export class RereadLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Re-read');
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly transaction: Transaction,
    private readonly rpc: RpcClient,
    private readonly deadlines: DeadlineStore,
    private readonly receipts: ReceiptStore,
    private readonly verification: VerificationLoop,
  ) {
    this.loop = new BackgroundLoop({
      pass: () => this.read(),
      intervalMilliseconds,
      backoff,
      onFailure: (error, failures) => {
        // Where all services start together we are there before NATS and the provisioner; only what lasts is worth telling.
        if (failures === 5) this.logger.warn(`the deadlines cannot be read, trying on: ${String(error)}`);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Something known here proved to be out of date. */
  wake(): void {
    this.loop.wake();
  }

  private async read(): Promise<boolean> {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await this.rpc.request(
        rpcs.provisioner.listDeadlines,
        { cursor, limit: pageSize },
        platformRequest(),
      );
      await this.keep(page);
      seen.push(...page.items.map(({ sessionId }) => sessionId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    // Only here: a page that failed has thrown, and a partial view proves no absence.
    await this.transaction.run(async (manager) => {
      await this.deadlines.forgetExcept(manager, seen);
      await this.receipts.prune(manager);
    });
    return false;
  }

  private async keep(page: Page): Promise<void> {
    const { alive, ended } = splitPage(page.items);
    await this.transaction.run(async (manager) => {
      await this.deadlines.learn(manager, alive);
      await this.receipts.record(manager, ended);
    });
    if (ended.length > 0) this.verification.wake();
  }
}
