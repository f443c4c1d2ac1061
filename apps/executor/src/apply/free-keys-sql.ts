/** The route that the keys of applies and rollbacks in one session are kept under. */
export function routeOf(sessionId: string): string {
  return `apply ${sessionId}`;
}

/**
 * Frees the keys of the applies in `freed`, a table expression with their `apply_id`, `session_id` and `actor`. They are found
 * by who used them and where: by what they stand for the table would be read as a whole.
 */
export const freeKeysSql = `
  DELETE FROM execution_keys AS k USING freed
  WHERE k.owner_id = freed.actor ->> 'ownerId' AND k.route = '${routeOf('')}' || freed.session_id
    AND k.execution_id = freed.apply_id`;

/** Frees the key of the apply `$1`. */
export const freeKeySql = `
  WITH freed AS (SELECT apply_id, session_id, actor FROM applies WHERE apply_id = $1)
  ${freeKeysSql}`;
