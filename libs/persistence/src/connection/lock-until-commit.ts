import type { EntityManager } from 'typeorm';

/**
 * Waits until no other transaction on this database holds the name, and holds it until this one ends. The name begins with
 * the service's, because all services may share one database; several locks are taken in one order by everybody.
 */
export async function lockUntilCommit(manager: EntityManager, name: string): Promise<void> {
  await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('nalabo.' || $1::text, 0))", [name]);
}
