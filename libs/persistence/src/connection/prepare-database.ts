import pg from 'pg';
import { translatePgError } from './pg-errors.js';

export interface DatabasePreparation {
  /** A role that may create roles and schemas in the database the URL names. Carries its password: not for logs. */
  readonly adminUrl: string;
  readonly schema: string;
  readonly role: string;
  readonly password: string;
}

/**
 * Makes the role and the schema it owns; the role gets no right on any other schema. Running it again changes nothing
 * but the password. Gives the service's own URL, which carries that password.
 */
export async function prepareDatabase(preparation: DatabasePreparation): Promise<string> {
  const client = new pg.Client({ connectionString: preparation.adminUrl, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    await client.query('BEGIN');
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('nalabo.prepare', 0))");
    await ensureRole(client, preparation);
    await ensureSchema(client, preparation);
    await client.query('COMMIT');
  } catch (error) {
    throw translatePgError(error);
  } finally {
    await client.end();
  }
  const { role: username, password } = preparation;
  return Object.assign(new URL(preparation.adminUrl), { username, password }).href;
}

async function ensureRole(client: pg.Client, { role, password }: DatabasePreparation): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  await client.query(
    `${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
  );
  // An administrator that is no superuser may give a schema only to a role it is a member of.
  await client.query(`GRANT ${name} TO CURRENT_USER`);
}

async function ensureSchema(client: pg.Client, { schema, role }: DatabasePreparation): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
  await client.query(`ALTER SCHEMA ${name} OWNER TO ${pg.escapeIdentifier(role)}`);
}
