import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often an apply that was cut off could not be taken back yet, and what it was to do, should it have been carried out. */
export class AddApplyRestoreAttempts1700000009000 implements MigrationInterface {
  readonly name = 'AddApplyRestoreAttempts1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE applies ADD COLUMN restore_attempts integer NOT NULL DEFAULT 0, ADD COLUMN planned_counts jsonb',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE applies DROP COLUMN restore_attempts, DROP COLUMN planned_counts');
  }
}
