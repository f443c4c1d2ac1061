import { AppError } from '@nalabo/kernel';

/** Of no row: every row comes before it. */
const end = '999999999999999999';

/** The position that all rows of a page, newest first, are below. @throws AppError `invalid_input` for a foreign cursor. */
export function positionAfter(cursor: string | null): string {
  if (cursor === null) return end;
  if (/^\d{1,18}$/.test(cursor)) return cursor;
  throw new AppError('invalid_input', 'the cursor is not one that a page gave', { details: { field: 'cursor' } });
}
