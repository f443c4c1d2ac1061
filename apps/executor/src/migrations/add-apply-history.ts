import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An apply can be listed, answered a second time, and rolled back. Models and files are `json`: their texts may hold what
 * `jsonb` refuses.
 */
export class AddApplyHistory1700000007000 implements MigrationInterface {
  readonly name = 'AddApplyHistory1700000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE applies
        ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY,
        ADD COLUMN rollback_of uuid,
        ADD COLUMN notes jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN model_before json,
        ADD COLUMN model_after json,
        ADD COLUMN files_before json`);
    await runner.query('DROP INDEX applies_of_session');
    await runner.query('CREATE INDEX applies_of_session ON applies (session_id, position DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX applies_of_session');
    await runner.query('CREATE INDEX applies_of_session ON applies (session_id, started_at)');
    await runner.query(`
      ALTER TABLE applies
        DROP COLUMN position, DROP COLUMN rollback_of, DROP COLUMN notes, DROP COLUMN model_before,
        DROP COLUMN model_after, DROP COLUMN files_before`);
  }
}
