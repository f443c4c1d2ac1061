import type { ReceiptView } from '@nalabo/contracts';
import type { ReceiptEntity } from './receipt.entity.js';

/** What a client is shown of a receipt. */
export function receiptView(receipt: ReceiptEntity): ReceiptView {
  const { sessionId, reason, endedAt, removed, verifiedAt, left, clean } = receipt;
  const verified = verifiedAt && left ? { at: verifiedAt.toISOString(), left } : null;
  return { sessionId, reason, endedAt: endedAt.toISOString(), removed, verified, clean };
}
