import { type AppError, isRetryable } from '@nalabo/kernel';

export const maximumDeliveries = 5;

const redeliveryDelays = [1_000, 5_000, 30_000, 120_000] as const;

export type Acknowledgement =
  | { readonly action: 'ack' }
  | { readonly action: 'retry'; readonly delayMilliseconds: number }
  | { readonly action: 'dead-letter' };

/** What becomes of a message after the delivery with this number (1 for the first) ended so; null means handled. */
export function acknowledge(error: AppError | null, deliveryCount: number): Acknowledgement {
  if (error === null) return { action: 'ack' };
  const delayMilliseconds = redeliveryDelays[deliveryCount - 1];
  if (!isRetryable(error) || delayMilliseconds === undefined) return { action: 'dead-letter' };
  return { action: 'retry', delayMilliseconds };
}
