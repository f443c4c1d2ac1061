import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCheckResults1700000005000 implements MigrationInterface {
  readonly name = 'CreateCheckResults1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE check_results (
        session_id text NOT NULL,
        check_id text NOT NULL,
        attempt integer NOT NULL,
        run_id uuid NOT NULL,
        owner_id text NOT NULL,
        actor jsonb NOT NULL,
        correlation_id text NOT NULL,
        workshop_id text NOT NULL,
        trusted boolean NOT NULL,
        outcome text CHECK (outcome IN ('passed', 'failed', 'timed_out', 'unknown')),
        exit_code integer,
        tries integer NOT NULL DEFAULT 1,
        duration_ms double precision,
        running_until timestamptz NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (session_id, check_id, attempt)
      )`);
    await runner.query('CREATE INDEX check_results_of_owner ON check_results (owner_id, started_at)');
    await runner.query('CREATE INDEX check_results_running ON check_results (running_until) WHERE outcome IS NULL');
    await runner.query('CREATE INDEX check_results_by_age ON check_results (started_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE check_results');
  }
}
