import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTerminalPasses1700000002000 implements MigrationInterface {
  readonly name = 'CreateTerminalPasses1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE terminal_passes (
        hash bytea PRIMARY KEY CHECK (length(hash) = 32),
        kind text NOT NULL CHECK (kind IN ('ticket', 'resume')),
        session_id text NOT NULL,
        terminal_id uuid,
        mode text NOT NULL CHECK (mode IN ('own', 'watch')),
        actor jsonb NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX terminal_passes_by_end ON terminal_passes (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE terminal_passes');
  }
}
