import { AppError, toAppError } from '@nalabo/kernel';
import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';

/** How long a caller is asked to wait: a client reconnects within about a second. */
const retryAfterSeconds = 2;

export function messagingUnavailable(attempt: string, reason: string, cause?: unknown): AppError {
  return new AppError('unavailable', `${attempt}: ${reason}`, {
    cause,
    details: { retryAfterSeconds },
    publicMessage: 'The service is not reachable at the moment.',
  });
}

/** Whether the server said that nobody listens to the subject, however deep the client has wrapped it. */
export function isNoResponders(thrown: unknown): boolean {
  if (thrown instanceof errors.NoRespondersError) return true;
  return thrown instanceof Error && thrown.cause !== undefined && isNoResponders(thrown.cause);
}

/**
 * The only place where the NATS client's errors become AppErrors. `attempt` says what was tried.
 * `unavailable`: nobody answers, or no connection. `timeout`: no answer in time. `unprocessable`: larger than the
 * server takes. Anything else is `internal`.
 */
export function fromNatsError(thrown: unknown, attempt: string): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isNoResponders(thrown)) return messagingUnavailable(attempt, 'nobody answers', thrown);
  if (thrown instanceof errors.TimeoutError) {
    const publicMessage = 'The service did not answer in time.';
    return new AppError('timeout', `${attempt}: no answer in time`, { cause: thrown, publicMessage });
  }
  if (isConnectionError(thrown)) return messagingUnavailable(attempt, thrown.message, thrown);
  if (thrown instanceof errors.InvalidArgumentError && thrown.message.includes('max_payload')) {
    return new AppError('unprocessable', `${attempt}: larger than the server's max_payload`, {
      cause: thrown,
      publicMessage: 'The content is too large.',
    });
  }
  return toAppError(thrown);
}

function isConnectionError(thrown: unknown): thrown is Error {
  return (
    thrown instanceof errors.ConnectionError ||
    thrown instanceof errors.ClosedConnectionError ||
    thrown instanceof errors.DrainingConnectionError ||
    thrown instanceof errors.RequestError ||
    thrown instanceof JetStreamApiError ||
    thrown instanceof JetStreamError
  );
}
