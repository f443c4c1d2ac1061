import { AppError } from '@nalabo/kernel';

/** No stream has as many events. Beyond it the numbers that come next would no longer be exact. */
export const largestEventId = 999_999_999_999_999;

/**
 * The number in `Last-Event-ID`, which a browser sends when it comes back; undefined when there is none. Throws
 * `invalid_input` for what was no number of an event.
 */
export function lastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (/^\d+$/.test(header) && Number(header) <= largestEventId) return Number(header);
  throw new AppError('invalid_input', 'Last-Event-ID must be the id of an event of this stream.', {
    details: { field: 'Last-Event-ID' },
  });
}
