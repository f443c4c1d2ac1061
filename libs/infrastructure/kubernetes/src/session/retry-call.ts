import { AppError, retry, type RetryOptions } from '@nalabo/kernel';
import { refuseAborted } from '../cluster/errors.js';

/**
 * Retries calls to a cluster.
 * @throws AppError Of the last attempt; `cancelled` or `timeout` when the signal ended a pause between two.
 */
export async function retryCall<T>(
  operation: string,
  attempt: () => Promise<T>,
  options: RetryOptions & { readonly signal: AbortSignal },
): Promise<T> {
  try {
    return await retry(attempt, options);
  } catch (error) {
    if (!(error instanceof AppError)) refuseAborted(options.signal, operation);
    throw error;
  }
}
