import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApplies1700000002000 implements MigrationInterface {
  readonly name = 'CreateApplies1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE applies (
        apply_id uuid PRIMARY KEY,
        session_id text NOT NULL,
        actor jsonb NOT NULL,
        type text NOT NULL,
        digest text NOT NULL,
        dry_run boolean NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'abandoned')),
        running_until timestamptz NOT NULL,
        result jsonb,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query(`CREATE UNIQUE INDEX applies_one_at_a_time ON applies (session_id) WHERE state = 'running'`);
    await runner.query('CREATE INDEX applies_of_session ON applies (session_id, started_at)');
    await runner.query('CREATE INDEX applies_by_age ON applies (started_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE applies');
  }
}
