import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateObservations1700000002000 implements MigrationInterface {
  readonly name = 'CreateObservations1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE targets (
        name text PRIMARY KEY,
        lease_holder text,
        lease_token text,
        lease_until timestamptz,
        reachable boolean,
        reason text,
        version text,
        checked_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE usage_samples (
        session_id text NOT NULL,
        at timestamptz NOT NULL,
        cpu_millicores double precision,
        cpu_seconds_total double precision,
        memory_bytes double precision,
        network_received_bytes double precision,
        network_sent_bytes double precision,
        processes integer,
        PRIMARY KEY (session_id, at)
      )`);
    await runner.query('CREATE INDEX usage_samples_by_age ON usage_samples (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_samples');
    await runner.query('DROP TABLE targets');
  }
}
