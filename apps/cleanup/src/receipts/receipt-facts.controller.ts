import { facts, type Envelope, type PayloadOf } from '@nalabo/contracts';
import { HandleFact } from '@nalabo/messaging';
import { afterCommit, Inbox, Transaction } from '@nalabo/persistence';
import { Controller } from '@nestjs/common';
import { sessionOf } from '../session-of.js';
import { ReceiptStore } from './receipt.store.js';
import { VerificationLoop } from './verification-loop.js';

type Terminated = PayloadOf<typeof facts.sessionTerminated>;

/** Writes a receipt for each session that the provisioner says has ended. */
@Controller()
export class ReceiptFactsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly inbox: Inbox,
    private readonly receipts: ReceiptStore,
    private readonly verification: VerificationLoop,
  ) {}

  @HandleFact(facts.sessionTerminated)
  async sessionTerminated({ endedAt, ...payload }: Terminated, envelope: Envelope): Promise<void> {
    const sessionId = sessionOf(envelope);
    await this.transaction.run((manager) =>
      this.inbox.once(manager, envelope.id, async () => {
        await this.receipts.record(manager, [{ ...payload, sessionId, endedAt: new Date(endedAt) }]);
        afterCommit(manager, () => this.verification.wake());
      }),
    );
  }
}
