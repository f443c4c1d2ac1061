/**
 * SQL: how much an owner has had run in the last minute: commands, applies, and checks with each of their tries.
 * @param owner The parameter of the statement that holds the owner's id, for example `$1`.
 */
export function startedLastMinuteSql(owner: string): string {
  return `(
    (SELECT count(*) FROM executions
      WHERE owner_id = ${owner} AND started_at > clock_timestamp() - interval '1 minute') +
    (SELECT count(*) FROM applies
      WHERE actor ->> 'ownerId' = ${owner} AND started_at > clock_timestamp() - interval '1 minute') +
    (SELECT coalesce(sum(tries), 0) FROM check_results
      WHERE owner_id = ${owner} AND started_at > clock_timestamp() - interval '1 minute'))::int`;
}
