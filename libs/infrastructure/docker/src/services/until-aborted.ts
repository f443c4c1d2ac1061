import type { AppError } from '@nalabo/kernel';

/** Waits for work that goes on when the caller gives up. @param reason Why there is no answer then. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, reason: () => AppError): Promise<T> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(reason());
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { signal: stop.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop.abort();
  }
}

/** Whether a signal has aborted because its own time was over, and not because somebody has given up. */
export function isTimeOver({ reason }: { readonly reason: unknown }): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
