import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workshops of older releases have no checks; their sessions may live on. */
export class AddChecks1763720000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`update workshops set content = jsonb_set(content, '{checks}', '[]')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update workshops set content = content - 'checks'`);
  }
}
