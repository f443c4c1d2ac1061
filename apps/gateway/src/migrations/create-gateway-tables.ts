import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateGatewayTables1700000001000 implements MigrationInterface {
  readonly name = 'CreateGatewayTables1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id text PRIMARY KEY,
        position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        owner_id text NOT NULL,
        role text NOT NULL CHECK (role IN ('learner', 'instructor', 'admin')),
        description text,
        hash bytea NOT NULL CHECK (length(hash) = 32),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        revoked_at timestamptz
      )`);
    // Without foreign keys and with its own ids: an audit row outlives what it speaks of and may be written twice.
    await runner.query(`
      CREATE TABLE request_audit (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        key_id text,
        owner_id text,
        method text NOT NULL,
        route text NOT NULL,
        status integer NOT NULL,
        kind text,
        correlation_id text NOT NULL
      )`);
    await runner.query('CREATE INDEX request_audit_by_age ON request_audit (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE request_audit');
    await runner.query('DROP TABLE api_keys');
  }
}
