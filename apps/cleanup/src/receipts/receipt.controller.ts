import { rpcs, type Envelope, type ReceiptView, type RequestOf } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { HandleRpc, RpcClient } from '@nalabo/messaging';
import { Transaction } from '@nalabo/persistence';
import { mayAct } from '@nalabo/session';
import { Controller } from '@nestjs/common';
import { missingReceipt, noSuchSession } from './missing-receipt.js';
import { receiptView } from './receipt-view.js';
import { ReceiptStore } from './receipt.store.js';

type GetReceipt = RequestOf<typeof rpcs.cleanup.getReceipt>;

/** Shows the proof of removal to those who may see the session. */
@Controller()
export class ReceiptController {
  constructor(
    private readonly transaction: Transaction,
    private readonly receipts: ReceiptStore,
    private readonly rpc: RpcClient,
  ) {}

  @HandleRpc(rpcs.cleanup.getReceipt)
  async getReceipt({ sessionId }: GetReceipt, envelope: Envelope): Promise<ReceiptView> {
    const receipt = await this.transaction.run((manager) => this.receipts.find(manager, sessionId));
    if (!receipt) throw await this.whyMissing(sessionId, envelope);
    if (!mayAct(envelope.actor, 'read', receipt)) throw noSuchSession(sessionId);
    return receiptView(receipt);
  }

  /** What is known here lags behind the facts; only the provisioner knows how the session stands at this moment. */
  private async whyMissing(sessionId: string, { actor, correlationId, id }: Envelope): Promise<AppError> {
    const context = { actor, correlationId, causationId: id, sessionId };
    try {
      return missingReceipt(actor, await this.rpc.request(rpcs.provisioner.resolveSession, { sessionId }, context));
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return noSuchSession(sessionId);
      throw error;
    }
  }
}
