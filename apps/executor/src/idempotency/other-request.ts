import { AppError } from '@nalabo/kernel';

/** The refusal of a request whose idempotency key stands for another one. */
export function otherRequest(): AppError {
  return new AppError('unprocessable', 'the idempotency key was used for another request', {
    details: { field: 'Idempotency-Key' },
  });
}
