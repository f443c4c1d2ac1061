import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A command is known to live in one process, is numbered piece by piece, and may be asked for twice under one key. `frames`
 * has the bytes of each piece in order, those of stderr negative; without it nobody knows what was printed.
 */
export class AddLiveExecutions1700000003000 implements MigrationInterface {
  readonly name = 'AddLiveExecutions1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE executions
        ADD COLUMN instance text,
        ADD COLUMN left_processes boolean NOT NULL DEFAULT false,
        ADD COLUMN frames integer[],
        ALTER COLUMN path DROP NOT NULL`);
    await runner.query(`CREATE INDEX executions_running_in_session ON executions (session_id) WHERE state = 'running'`);
    await runner.query(`
      CREATE TABLE execution_keys (
        owner_id text,
        route text,
        key text,
        digest text NOT NULL,
        execution_id uuid NOT NULL,
        used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (owner_id, route, key)
      )`);
    await runner.query('CREATE INDEX execution_keys_by_age ON execution_keys (used_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE execution_keys');
    await runner.query('DROP INDEX executions_running_in_session');
    await runner.query(`UPDATE executions SET path = 'exec' WHERE path IS NULL`);
    await runner.query(`
      ALTER TABLE executions
        DROP COLUMN instance, DROP COLUMN left_processes, DROP COLUMN frames, ALTER COLUMN path SET NOT NULL`);
  }
}
