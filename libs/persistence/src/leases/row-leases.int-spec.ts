import { startTestPostgres, type TestPostgres } from '@nalabo/testing';
import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RowLeases, type Claim, type RowLease } from './row-leases.js';

const tasks = { table: 'tasks', key: 'id', leaseSeconds: 30 };
const waiting: Claim = { condition: 'state = $1', parameters: ['waiting'], orderBy: 'id', limit: 2 };

describe('row leases', () => {
  let postgres: TestPostgres;
  let dataSource: DataSource;
  const first = new RowLeases(tasks, 'worker-1');
  const second = new RowLeases(tasks, 'worker-2');

  beforeAll(async () => {
    postgres = await startTestPostgres();
    dataSource = await new DataSource({
      type: 'postgres',
      url: postgres.adminUrl,
      installExtensions: false,
    }).initialize();
    await dataSource.query(`CREATE TABLE tasks (id text PRIMARY KEY, state text NOT NULL,
      lease_holder text, lease_token text, lease_until timestamptz)`);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });
  beforeEach(async () => {
    await dataSource.query('TRUNCATE tasks');
    await dataSource.query("INSERT INTO tasks (id, state) VALUES ('a', 'waiting'), ('b', 'waiting'), ('c', 'waiting')");
  });

  function inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return dataSource.transaction(work);
  }
  async function claimOne(leases: RowLeases): Promise<RowLease> {
    const [lease] = await inTransaction((manager) => leases.claim(manager, { ...waiting, limit: 1 }));
    if (!lease) throw new Error('nothing to claim');
    return lease;
  }
  function expire(): Promise<unknown> {
    return dataSource.query("UPDATE tasks SET lease_until = now() - interval '1 second'");
  }

  it('share the rows among workers without waiting for each other', async () => {
    const claimed = await inTransaction(async (manager) => {
      const mine = await first.claim(manager, waiting);
      const theirs = await inTransaction((other) => second.claim(other, waiting));
      return [mine, theirs].map((leases) => leases.map(({ key }) => key).toSorted());
    });
    expect(claimed).toEqual([['a', 'b'], ['c']]);
    expect(await inTransaction((manager) => first.claim(manager, waiting))).toEqual([]);
  });

  it('pass over rows that are not due', async () => {
    await dataSource.query("UPDATE tasks SET state = 'done' WHERE id <> 'b'");
    expect(await inTransaction((manager) => first.claim(manager, waiting))).toMatchObject([{ key: 'b' }]);
  });

  it('are lost by a worker that was paused past the end, and every later write of it with them', async () => {
    const lease = await claimOne(first);
    await expire();
    const stolen = await claimOne(second);
    expect(stolen.key).toBe(lease.key);
    expect(await inTransaction((manager) => first.hold(manager, lease))).toBe(false);
    expect(await inTransaction((manager) => first.renew(manager, lease))).toBeUndefined();
    expect(await inTransaction((manager) => first.release(manager, lease))).toBe(false);
    expect(await inTransaction((manager) => second.hold(manager, stolen))).toBe(true);
  });

  it('cannot be stolen while a transaction holds them', async () => {
    const lease = await claimOne(first);
    await expire();
    await inTransaction(async (manager) => {
      expect(await first.hold(manager, lease)).toBe(true);
      const others = await inTransaction((other) => second.claim(other, { ...waiting, limit: 3 }));
      expect(others.map(({ key }) => key).toSorted()).toEqual(['b', 'c']);
    });
  });

  it('last longer when they are renewed and are free when they are released', async () => {
    const lease = await claimOne(first);
    await expire();
    const renewed = await inTransaction((manager) => first.renew(manager, lease));
    expect(renewed?.until.getTime()).toBeGreaterThanOrEqual(lease.until.getTime());
    expect(await inTransaction((manager) => first.release(manager, renewed!))).toBe(true);
    expect((await claimOne(second)).key).toBe(lease.key);
  });
});
