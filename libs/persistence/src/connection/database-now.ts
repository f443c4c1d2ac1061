import type { EntityManager } from 'typeorm';

/** The database's clock at this moment, not at the start of the transaction: a lock may have been waited for since. */
export async function databaseNow(manager: EntityManager): Promise<Date> {
  const rows: { now: Date }[] = await manager.query('SELECT clock_timestamp() AS now');
  const [row] = rows;
  if (!row) throw new Error('PostgreSQL told no time');
  return row.now;
}
