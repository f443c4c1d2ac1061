import type { MigrationInterface, QueryRunner } from 'typeorm';

const leaseColumns = 'lease_holder text, lease_token text, lease_until timestamptz';

export class CreateDeadlinesAndReceipts1767225600000 implements MigrationInterface {
  readonly name = 'CreateDeadlinesAndReceipts1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deadlines (
        session_id text PRIMARY KEY,
        owner_id text NOT NULL,
        target text NOT NULL,
        state text NOT NULL,
        expires_at timestamptz NOT NULL,
        expiry_version integer NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        ${leaseColumns}
      )`);
    await runner.query('CREATE INDEX deadlines_due ON deadlines (next_attempt_at) WHERE next_attempt_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE receipts (
        session_id text PRIMARY KEY,
        owner_id text NOT NULL,
        target text NOT NULL,
        reason text NOT NULL,
        ended_at timestamptz NOT NULL,
        removed jsonb NOT NULL,
        verified_at timestamptz,
        "left" jsonb,
        clean boolean NOT NULL,
        attempts integer NOT NULL,
        next_verification_at timestamptz,
        ${leaseColumns}
      )`);
    await runner.query(
      'CREATE INDEX receipts_due ON receipts (next_verification_at) WHERE next_verification_at IS NOT NULL',
    );
    await runner.query('CREATE INDEX receipts_ended ON receipts (ended_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE receipts');
    await runner.query('DROP TABLE deadlines');
  }
}
