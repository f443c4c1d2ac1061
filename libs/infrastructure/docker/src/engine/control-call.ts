import { isBrokenConnection, toEngineError } from './errors.js';

export interface ControlCall {
  /** What is attempted, with identifiers and without secrets. */
  readonly operation: string;
  readonly deadlineMs: number;
  /** Ends the call early on behalf of the caller. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the call may be sent again when the connection breaks. */
  readonly isIdempotent: boolean;
}

/**
 * One call with a deadline. After an engine has restarted, the first call on a kept connection breaks: an idempotent
 * call is sent once more.
 * @throws AppError
 */
export async function controlCall<T>(call: ControlCall, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let deadlinePassed = false;
  const passDeadline = (): void => {
    deadlinePassed = true;
    controller.abort();
  };
  const abort = (): void => controller.abort();
  const timer = setTimeout(passDeadline, call.deadlineMs);
  call.signal?.addEventListener('abort', abort);
  try {
    if (call.signal?.aborted) throw new Error('aborted before the call');
    return await sendOnceOrTwice(call, () => send(controller.signal));
  } catch (error) {
    const interruption = deadlinePassed ? 'deadline' : call.signal?.aborted ? 'caller' : undefined;
    throw toEngineError(error, call.operation, interruption);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', abort);
  }
}

async function sendOnceOrTwice<T>(call: ControlCall, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (call.isIdempotent && !call.signal?.aborted && isBrokenConnection(error)) return send();
    throw error;
  }
}
