import { rpcs, type Envelope, type ReceiptView, type RequestOf } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { HandleRpc } from '@nalabo/messaging';
import { Transaction } from '@nalabo/persistence';
import { mayAct } from '@nalabo/session';
import { Controller } from '@nestjs/common';
import { DeadlineStore } from '../deadlines/deadline.store.js';
import { receiptView } from './receipt-view.js';
import { ReceiptStore } from './receipt.store.js';

type GetReceipt = RequestOf<typeof rpcs.cleanup.getReceipt>;

/** Shows the proof of removal to those who may see the session. */
@Controller()
export class ReceiptController {
  constructor(
    private readonly transaction: Transaction,
    private readonly deadlines: DeadlineStore,
    private readonly receipts: ReceiptStore,
  ) {}

  @HandleRpc(rpcs.cleanup.getReceipt)
  async getReceipt({ sessionId }: GetReceipt, { actor }: Envelope): Promise<ReceiptView> {
    const { receipt, deadline } = await this.transaction.run(async (manager) => ({
      receipt: await this.receipts.find(manager, sessionId),
      deadline: await this.deadlines.find(manager, sessionId),
    }));
    const session = receipt ?? deadline;
    // A foreign session and a missing one are the same answer, so that ids cannot be probed.
    if (!session || !mayAct(actor, 'read', session)) {
      throw new AppError('not_found', `there is no session ${sessionId}`);
    }
    if (!receipt) throw new AppError('conflict', `session ${sessionId} has not ended: there is no receipt yet`);
    return receiptView(receipt);
  }
}
