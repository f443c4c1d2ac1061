import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of outbox and inbox. Every service that sends or handles facts puts this first in its migrations. */
export class CreateMessageTables1700000000000 implements MigrationInterface {
  readonly name = 'CreateMessageTables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        session_id text NOT NULL,
        subject text NOT NULL,
        envelope jsonb NOT NULL,
        published_at timestamptz
      )`);
    await runner.query('CREATE INDEX outbox_waiting ON outbox (session_id, position) WHERE published_at IS NULL');
    await runner.query('CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE inbox (
        message_id text PRIMARY KEY,
        handled_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX inbox_handled ON inbox (handled_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox');
    await runner.query('DROP TABLE outbox');
  }
}
