import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddIsolation1763710000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sessions add column isolation text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sessions drop column isolation');
  }
}
