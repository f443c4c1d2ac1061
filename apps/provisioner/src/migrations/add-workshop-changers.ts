import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed a workshop, and who withdrew it, is kept with it. */
export class AddWorkshopChangers1763750000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workshops add column changed_by jsonb, add column withdrawn_by jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workshops drop column changed_by, drop column withdrawn_by');
  }
}
