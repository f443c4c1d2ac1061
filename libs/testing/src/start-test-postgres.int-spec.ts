import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from './start-test-postgres.js';

describe('a test PostgreSQL', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  it('gives each test a database of its own', async () => {
    const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()];
    const [one, two] = [new pg.Client({ connectionString: first }), new pg.Client({ connectionString: second })];
    await Promise.all([one.connect(), two.connect()]);
    try {
      await one.query('CREATE TABLE mine ()');
      const { rows } = await two.query<{ found: string | null }>("SELECT to_regclass('mine') AS found");
      expect(rows).toEqual([{ found: null }]);
    } finally {
      await Promise.all([one.end(), two.end()]);
    }
  });
});
