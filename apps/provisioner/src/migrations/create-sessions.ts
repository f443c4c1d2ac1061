import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessions1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table workshops (
        id text not null,
        revision int not null,
        digest text not null,
        content jsonb not null,
        created_at timestamptz not null,
        primary key (id, revision)
      )`);
    await runner.query(`
      create table sessions (
        id text primary key,
        owner_id text not null,
        key_id text not null,
        correlation_id text not null,
        workshop_id text not null,
        workshop_revision int not null,
        target text not null,
        target_kind text not null,
        generation int not null,
        resources jsonb not null,
        limits jsonb not null,
        environment jsonb not null,
        subnet_index int,
        desired text not null,
        reason text,
        expires_at timestamptz not null,
        expiry_version int not null,
        ends_by timestamptz not null,
        intent_version int not null,
        state text not null,
        state_deadline_at timestamptz,
        attempt int not null,
        restarts int not null,
        retry_at timestamptz,
        last_error text,
        progress jsonb not null,
        storage jsonb,
        endpoints jsonb not null,
        objects jsonb not null,
        removed jsonb not null,
        last_sequence int not null,
        next_look_at timestamptz not null,
        lease_holder text,
        lease_token text,
        lease_until timestamptz,
        created_at timestamptz not null,
        ready_at timestamptz,
        terminated_at timestamptz,
        unique (target, subnet_index),
        foreign key (workshop_id, workshop_revision) references workshops (id, revision)
      )`);
    await runner.query(`create index sessions_due on sessions (next_look_at) where state <> 'TERMINATED'`);
    await runner.query('create index sessions_of_owner on sessions (owner_id, created_at desc, id desc)');
    await runner.query('create index sessions_ended on sessions (terminated_at)');
    await runner.query('create index sessions_newest on sessions (created_at desc, id desc)');
    await runner.query(`
      create table session_events (
        session_id text not null,
        sequence int not null,
        type text not null,
        data jsonb not null,
        at timestamptz not null,
        primary key (session_id, sequence)
      )`);
    await runner.query('create index session_events_oldest on session_events (at)');
    await runner.query(`
      create table idempotency_keys (
        owner_id text not null,
        key text not null,
        digest text not null,
        session_id text not null,
        created_at timestamptz not null,
        primary key (owner_id, key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys, session_events, sessions, workshops');
  }
}
