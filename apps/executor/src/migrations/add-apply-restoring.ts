import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an apply was about to write, so that its files can be brought back when it was cut off, and why it came to nothing. */
export class AddApplyRestoring1700000008000 implements MigrationInterface {
  readonly name = 'AddApplyRestoring1700000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE applies ADD COLUMN files_written json, ADD COLUMN reason text');
    await runner.query(`CREATE INDEX applies_overdue ON applies (running_until) WHERE state = 'running'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX applies_overdue');
    await runner.query('ALTER TABLE applies DROP COLUMN files_written, DROP COLUMN reason');
  }
}
