import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTerminals1700000004000 implements MigrationInterface {
  readonly name = 'CreateTerminals1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE terminals (
        terminal_id uuid PRIMARY KEY,
        session_id text NOT NULL,
        actor jsonb NOT NULL,
        instance text NOT NULL,
        opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz,
        end_reason text,
        lease_until timestamptz,
        CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
        CHECK ((ended_at IS NULL) = (lease_until IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX terminals_of_session ON terminals (session_id, opened_at)');
    await runner.query('CREATE INDEX terminals_open ON terminals (lease_until) WHERE ended_at IS NULL');
    await runner.query('CREATE INDEX terminals_by_age ON terminals (opened_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE terminals');
  }
}
