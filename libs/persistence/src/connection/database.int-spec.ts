import { Test, type TestingModule } from '@nestjs/testing';
import { eventually, startTestPostgres, type TestPostgres } from '@nalabo/testing';
import { freePort } from '@nalabo/setup';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CreateMessageTables1700000000000 } from '../messages/create-message-tables.js';
import { PersistenceModule } from '../persistence.module.js';
import { databaseNow } from './database-now.js';
import { Database } from './database.js';
import { prepareDatabase } from './prepare-database.js';
import { afterCommit, Transaction } from './transaction.js';

class CreateThings1700000000001 implements MigrationInterface {
  readonly name = 'CreateThings1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    // Slow enough for three processes to meet, longer than nothing and shorter than any limit.
    await runner.query('SELECT pg_sleep(0.2)');
    await runner.query('CREATE TABLE things (id text PRIMARY KEY, amount int NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

const migrations = [CreateMessageTables1700000000000, CreateThings1700000000001];
const opened: TestingModule[] = [];

async function openService(url: string, schema = 'alpha'): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    imports: [PersistenceModule.forRoot({ url, schema, entities: [], migrations })],
  }).compile();
  module.useLogger(false);
  await module.init();
  opened.push(module);
  return module;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((module) => module.close()));
});

describe('a service with its database', () => {
  let postgres: TestPostgres;
  let adminUrl: string;
  let url: string;

  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    adminUrl = await postgres.createDatabase();
    url = await prepareDatabase({ adminUrl, schema: 'alpha', role: 'alpha', password: "p'1" });
  });

  async function open(): Promise<Transaction> {
    const service = await openService(url);
    await service.get(Database).whenOpen();
    return service.get(Transaction);
  }

  it('is migrated once when three processes start together', async () => {
    const services = await Promise.all([openService(url), openService(url), openService(url)]);
    await Promise.all(services.map((service) => service.get(Database).whenOpen()));
    const names = await services[0]!.get(Transaction).run((manager) => manager.query('SELECT name FROM migrations'));
    expect(names).toEqual(migrations.map(({ name }) => ({ name })));
  });

  it('commits the whole work or nothing, and acts after a commit only', async () => {
    const transaction = await open();
    const acted: string[] = [];
    const failing = transaction.run(async (manager) => {
      await manager.query("INSERT INTO things VALUES ('lost', 1)");
      afterCommit(manager, () => acted.push('lost'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await transaction.run(async (manager) => {
      await manager.query("INSERT INTO things VALUES ('kept', 1)");
      afterCommit(manager, () => acted.push('kept'));
    });
    expect(await transaction.run((manager) => manager.query('SELECT id FROM things'))).toEqual([{ id: 'kept' }]);
    expect(acted).toEqual(['kept']);
  });

  it('answers timeout for a statement that takes too long, and conflict for a value that exists', async () => {
    const transaction = await open();
    const slow = transaction.run(async (manager) => {
      await manager.query("SET LOCAL statement_timeout = '50ms'");
      await manager.query('SELECT pg_sleep(5)');
    });
    await expect(slow).rejects.toMatchObject({ name: 'AppError', kind: 'timeout' });
    const twice = transaction.run((manager) => manager.query("INSERT INTO things VALUES ('a', 1), ('a', 2)"));
    await expect(twice).rejects.toMatchObject({ name: 'AppError', kind: 'conflict' });
  });

  it('runs a single statement as a transaction of its own, with the same errors', async () => {
    const transaction = await open();
    await transaction.statement('INSERT INTO things VALUES ($1, 1)', ['a']);
    expect(await transaction.statement('SELECT id FROM things')).toEqual([{ id: 'a' }]);
    const again = transaction.statement("INSERT INTO things VALUES ('b', 1), ('a', 1)");
    await expect(again).rejects.toMatchObject({ name: 'AppError', kind: 'conflict' });
    expect(await transaction.statement('SELECT id FROM things')).toHaveLength(1);
  });

  it('has its limits on every connection', async () => {
    const transaction = await open();
    const settings = await transaction.run((manager) =>
      manager.query(`SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
        current_setting('idle_in_transaction_session_timeout') AS idle, current_schema() AS schema`),
    );
    expect(settings).toEqual([{ statement: '10s', lock: '5s', idle: '30s', schema: 'alpha' }]);
  });

  it('repeats the work of a transaction that PostgreSQL undid because of a deadlock', async () => {
    const transaction = await open();
    await transaction.run((manager) => manager.query("INSERT INTO things VALUES ('a', 0), ('b', 0)"));
    const add = (first: string, second: string): Promise<void> =>
      transaction.run(async (manager) => {
        await manager.query("SET LOCAL deadlock_timeout = '50ms'");
        for (const id of [first, second]) {
          await manager.query('UPDATE things SET amount = amount + 1 WHERE id = $1', [id]);
          await manager.query('SELECT pg_sleep(0.1)');
        }
      });
    // Only a superuser may shorten the wait for a deadlock.
    await asAdmin('ALTER ROLE alpha SUPERUSER');
    try {
      await Promise.all([add('a', 'b'), add('b', 'a')]);
    } finally {
      await asAdmin('ALTER ROLE alpha NOSUPERUSER');
    }
    const amounts = await transaction.run((manager) => manager.query('SELECT amount FROM things'));
    expect(amounts).toEqual([{ amount: 2 }, { amount: 2 }]);
  });

  it('tells the time of the database, not of the start of the transaction', async () => {
    const transaction = await open();
    const [first, second] = await transaction.run(async (manager) => {
      const before = await databaseNow(manager);
      await manager.query('SELECT pg_sleep(0.02)');
      return [before, await databaseNow(manager)] as const;
    });
    expect(second.getTime()).toBeGreaterThan(first.getTime());
  });

  it('survives the end of its connections', async () => {
    const transaction = await open();
    await transaction.run((manager) => manager.query('SELECT 1'));
    const interrupted = transaction.run((manager) => manager.query('SELECT pg_sleep(20)'));
    const rejected = expect(interrupted).rejects.toMatchObject({ kind: 'unavailable' });
    await eventually(async () => {
      const ended = await asAdmin(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'alpha' AND query LIKE '%pg_sleep(20)%'",
      );
      expect(ended).toBeGreaterThan(0);
    });
    await rejected;
    await eventually(() => expect(transaction.run((manager) => manager.query('SELECT 1'))).resolves.toBeDefined());
  });

  it('has no access to the schema of another service, and can be prepared again', async () => {
    await (await open()).run((manager) => manager.query("INSERT INTO things VALUES ('a', 1)"));
    const other = await prepareDatabase({ adminUrl, schema: 'beta', role: 'beta', password: 'p2' });
    await prepareDatabase({ adminUrl, schema: 'alpha', role: 'alpha', password: "p'1" });
    const client = new pg.Client({ connectionString: other });
    await client.connect();
    try {
      await expect(client.query('SELECT * FROM alpha.things')).rejects.toThrow('permission denied for schema alpha');
      await expect(client.query('CREATE SCHEMA gamma')).rejects.toThrow('permission denied');
    } finally {
      await client.end();
    }
  });

  async function asAdmin(sql: string): Promise<number> {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      return (await client.query(sql)).rowCount ?? 0;
    } finally {
      await client.end();
    }
  }
});

describe('a service whose database is away at the start', () => {
  it('lives, answers unavailable, and works when the database has come', async () => {
    const port = await freePort();
    const service = await openService(`postgres://alpha:p1@127.0.0.1:${port}/postgres`);
    const transaction = service.get(Transaction);
    const attempt = (): Promise<unknown> => transaction.run((manager) => manager.query('SELECT id FROM things'));
    await expect(attempt()).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 2 } });
    expect(await service.get(Database).connectionState()).toEqual({
      ready: false,
      reason: 'The database is not reachable.',
    });
    const postgres = await startTestPostgres({ port });
    try {
      await prepareDatabase({ adminUrl: postgres.adminUrl, schema: 'alpha', role: 'alpha', password: 'p1' });
      await eventually(() => expect(attempt()).resolves.toEqual([]));
      expect(await service.get(Database).connectionState()).toEqual({ ready: true, reason: null });
    } finally {
      await Promise.all(opened.splice(0).map((module) => module.close()));
      await postgres.stop();
    }
  });

  it('can be stopped before the database ever came', async () => {
    const service = await openService(`postgres://alpha:p1@127.0.0.1:${await freePort()}/postgres`);
    opened.splice(0);
    await service.close();
    await expect(service.get(Database).whenOpen()).resolves.toBeUndefined();
  });
});
