import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was applied in a session is stored with it. Workshops of older releases have no images. */
export class AddApplied1763730000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table sessions add column applied jsonb, add column applied_by uuid, add column unsettled_by uuid',
    );
    await runner.query(`update workshops set content = '{"images": [], "compose": null}' || content`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update workshops set content = content - 'images' - 'compose'`);
    await runner.query('alter table sessions drop column applied, drop column applied_by, drop column unsettled_by');
  }
}
