import { MigrationExecutor, type DataSource } from 'typeorm';

/**
 * Runs the pending migrations of one schema. Any number of processes may do this at once: the advisory lock lets one at
 * a time in, and who comes later finds nothing pending.
 */
export async function migrate(dataSource: DataSource, schema: string): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
    // Waiting for another process's migration, or building an index, may take longer than a statement of a request may.
    await runner.query('SET statement_timeout = 0');
    await runner.query('SET lock_timeout = 0');
    await runner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lockName(schema)]);
    try {
      await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    } finally {
      await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lockName(schema)]);
      await runner.query('RESET statement_timeout');
      await runner.query('RESET lock_timeout');
    }
  } finally {
    await runner.release();
  }
}

function lockName(schema: string): string {
  return `nalabo.migrations.${schema}`;
}
