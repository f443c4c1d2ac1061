import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workshops come through the API too, and bring manifests, and files without a Compose file. */
export class AddWorkshopSources1763740000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table workshops add column source text not null default 'shipped', add column withdrawn_at timestamptz`,
    );
    await runner.query('alter table workshops alter column source drop default');
    await runner.query(`
      update workshops set content = content || jsonb_build_object(
        'files', coalesce(content #> '{compose,files}', '{}'),
        'manifests', null,
        'compose', case when content #>> '{compose,text}' is not null
          then jsonb_build_object('text', content #> '{compose,text}') end)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update workshops set content = content - 'manifests' - 'files' || jsonb_build_object(
        'compose', case when content #>> '{compose,text}' is not null
          then jsonb_build_object('text', content #> '{compose,text}', 'files', content -> 'files') end)`);
    await runner.query('alter table workshops drop column source, drop column withdrawn_at');
  }
}
