import { startTestPostgres, type TestPostgres } from '@nalabo/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockUntilCommit } from './lock-until-commit.js';

describe('a lock until the commit', () => {
  let postgres: TestPostgres;
  let dataSource: DataSource;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    const { adminUrl: url } = postgres;
    dataSource = await new DataSource({ type: 'postgres', url, installExtensions: false }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });

  const attempt = (name: string): Promise<void> =>
    dataSource.transaction(async (manager: EntityManager) => {
      await manager.query("SET LOCAL lock_timeout = '200ms'");
      await lockUntilCommit(manager, name);
    });

  it('keeps others from the same name, and from no other, until the transaction ends', async () => {
    await dataSource.transaction(async (manager) => {
      await lockUntilCommit(manager, 'test.a');
      await expect(attempt('test.a')).rejects.toThrow(/lock timeout/);
      await attempt('test.b');
    });
    await attempt('test.a');
  });
});
