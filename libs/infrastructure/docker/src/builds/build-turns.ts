import { AppError } from '@nalabo/kernel';
import { isTimeOver, untilAborted } from '../services/until-aborted.js';

/** Has one build at a time. Whoever comes first is first, whatever becomes of those before. */
export class BuildTurns {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param signal Whoever gives up before its turn is left out.
   * @throws AppError `unavailable` when the signal's own time is over before the turn comes, or what the work throws.
   */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.last;
    const turn = untilAborted(before, signal, () => givenUp(signal)).then(work);
    this.last = Promise.allSettled([before, turn]);
    return turn;
  }
}

function givenUp(signal: AbortSignal): AppError {
  if (!isTimeOver(signal)) return new AppError('cancelled', 'build an image: cancelled', { cause: signal.reason });
  return new AppError('unavailable', 'build an image: its turn did not come', {
    publicMessage: 'Other images are being built. Try again.',
    details: { retryAfterSeconds: 15 },
  });
}
