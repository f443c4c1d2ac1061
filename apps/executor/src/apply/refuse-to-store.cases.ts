import type { ExecutorRig } from '../executor-rig.cases.js';

/** Works with a database that refuses to store what the condition says of an apply. */
export async function refuseToStore<T>(
  database: ExecutorRig['database'],
  condition: string,
  work: () => Promise<T>,
): Promise<T> {
  await database.query(`
    CREATE FUNCTION refuse_to_store() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '08006'; END $$;
    CREATE TRIGGER refuse_to_store BEFORE UPDATE ON applies FOR EACH ROW WHEN (${condition})
      EXECUTE FUNCTION refuse_to_store()`);
  try {
    return await work();
  } finally {
    await database.query('DROP TRIGGER refuse_to_store ON applies; DROP FUNCTION refuse_to_store');
  }
}
