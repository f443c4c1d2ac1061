import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much an owner has had run in the last minute, whichever way: commands, applies, and checks with each of their tries. */
const startedLastMinute = `
  CREATE FUNCTION started_last_minute(owner text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT (
      (SELECT count(*) FROM executions
        WHERE owner_id = owner AND started_at > clock_timestamp() - interval '1 minute') +
      (SELECT count(*) FROM applies
        WHERE actor ->> 'ownerId' = owner AND started_at > clock_timestamp() - interval '1 minute') +
      (SELECT coalesce(sum(tries), 0) FROM check_results
        WHERE owner_id = owner AND started_at > clock_timestamp() - interval '1 minute'))::integer
  $$`;

/** The one place where starts are counted: whatever comes to count besides would be a loophole elsewhere. */
export class CountStarts1700000006000 implements MigrationInterface {
  readonly name = 'CountStarts1700000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(startedLastMinute);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION started_last_minute');
  }
}
