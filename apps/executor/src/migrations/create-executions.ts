import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateExecutions1700000001000 implements MigrationInterface {
  readonly name = 'CreateExecutions1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE executions (
        execution_id uuid PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY,
        session_id text NOT NULL,
        owner_id text NOT NULL,
        actor jsonb NOT NULL,
        correlation_id text NOT NULL,
        command jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'finished')),
        outcome text,
        exit_code integer,
        stdout bytea NOT NULL DEFAULT '',
        stderr bytea NOT NULL DEFAULT '',
        stdout_truncated boolean NOT NULL DEFAULT false,
        stderr_truncated boolean NOT NULL DEFAULT false,
        start_failed boolean NOT NULL DEFAULT false,
        path text NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        duration_ms double precision,
        lease_token text,
        lease_until timestamptz,
        CHECK ((state = 'finished') = (outcome IS NOT NULL)),
        CHECK ((state = 'running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX executions_of_session ON executions (session_id, position DESC)');
    await runner.query('CREATE INDEX executions_of_owner ON executions (owner_id, started_at)');
    await runner.query(`CREATE INDEX executions_running ON executions (lease_until) WHERE state = 'running'`);
    await runner.query('CREATE INDEX executions_by_age ON executions (started_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE executions');
  }
}
