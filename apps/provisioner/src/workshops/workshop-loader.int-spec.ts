import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rpcs } from '@nalabo/contracts';
import { MemoryTarget, TargetRegistry } from '@nalabo/infrastructure-port';
import { newId } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { prepareDatabase } from '@nalabo/persistence';
import { defaultAdmissionLimits } from '@nalabo/session';
import {
  anActor,
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProvisionerModule } from '../provisioner.module.js';
import { WorkshopCatalogue } from './workshop-catalogue.js';
import { WorkshopLoader } from './workshop-loader.js';

let postgres: TestPostgres;
let nats: TestNats;
let databaseUrl: string;
let database: pg.Client;
let folder: string;
let app: INestApplication;

async function start(workshopsFolder: string): Promise<void> {
  app = await startApplication(
    ProvisionerModule.forRoot({
      databaseUrl,
      natsUrl: nats.url,
      replica: newId(),
      workshopsFolder,
      targets: new TargetRegistry([new MemoryTarget({ instance: newId() })]),
      limits: defaultAdmissionLimits,
    }),
  );
}

async function ship(id: string, text = `id: ${id}\ntitle: ${id}\ninfrastructure: [docker]\n`): Promise<void> {
  await mkdir(join(folder, id), { recursive: true });
  await writeFile(join(folder, id, 'workshop.yaml'), text);
}

/** Counts outside of transactions, which all fail. */
const refuseWorkshops = `
  CREATE SEQUENCE attempts;
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM nextval('attempts'); RAISE EXCEPTION 'the database is not itself'; END $$;
  CREATE TRIGGER refuse BEFORE INSERT ON workshops FOR EACH ROW EXECUTE FUNCTION refuse()`;

const isReady = (): boolean => app.get(WorkshopLoader).connectionState().ready;
const offered = async () => (await app.get(WorkshopCatalogue).list(null, 100)).items.map(({ id }) => id);

beforeAll(async () => {
  [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nalabo-workshops-'));
  const adminUrl = await postgres.createDatabase();
  databaseUrl = await prepareDatabase({ adminUrl, schema: 'provisioner', role: 'provisioner', password: newId() });
  database = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=provisioner' });
  await database.connect();
});
afterEach(async () => {
  await app.close();
  await database.end();
  await rm(folder, { recursive: true });
});
afterAll(() => Promise.all([postgres.stop(), nats.stop()]));

describe('the shipped workshops', () => {
  it('are offered without those that are broken, and then the service is ready', async () => {
    await ship('fine');
    await ship('nonsense', 'id: [');
    await ship('incomplete', 'id: incomplete\n');
    await mkdir(join(folder, 'a-folder', 'workshop.yaml'), { recursive: true });
    await start(folder);
    await eventually(() => expect(isReady()).toBe(true));
    expect(await offered()).toEqual(['fine']);
  });

  it('are offered with a Compose file that keeps the rules, and not with one that breaks one', async () => {
    const description = (id: string): string =>
      `id: ${id}\ntitle: ${id}\ninfrastructure: [docker]\nimages: [nginx:alpine]\ncompose: compose.yaml\n`;
    await ship('kept', description('kept'));
    await writeFile(join(folder, 'kept', 'compose.yaml'), 'services: { web: { image: nginx:alpine } }');
    await ship('broken', description('broken'));
    await writeFile(join(folder, 'broken', 'compose.yaml'), 'services: { web: { image: nginx:1, pid: host } }');
    await ship('missing', description('missing'));
    await start(folder);
    await eventually(() => expect(isReady()).toBe(true));
    expect(await offered()).toEqual(['kept']);
    expect((await app.get(WorkshopCatalogue).find('kept'))?.content.compose).toEqual({
      text: 'services: { web: { image: nginx:alpine } }',
    });
  });

  it('are offered when the database is itself again, and the service is not ready before', async () => {
    await start(folder);
    await eventually(() => expect(isReady()).toBe(true));
    await app.close();
    await ship('one');
    await ship('two');
    await database.query(refuseWorkshops);
    await start(folder);
    await eventually(async () => {
      const { rows } = await database.query<{ tried: number }>('SELECT last_value::int AS tried FROM attempts');
      expect(rows[0]?.tried).toBeGreaterThanOrEqual(4);
    });
    expect(isReady()).toBe(false);
    await database.query('DROP TRIGGER refuse ON workshops');
    await eventually(() => expect(isReady()).toBe(true));
    expect(await offered()).toEqual(['one', 'two']);
  });

  it('are offered once their folder can be read', async () => {
    await ship('one');
    await start(join(folder, 'later'));
    await eventually(async () => expect(await offered()).toEqual([]));
    expect(isReady()).toBe(false);
    await mkdir(join(folder, 'later'));
    await rename(join(folder, 'one'), join(folder, 'later', 'one'));
    await eventually(async () => expect(await offered()).toEqual(['one']));
  });

  it('keep no service from stopping that cannot publish them', async () => {
    await start(join(folder, 'never'));
    await eventually(async () => expect(await offered()).toEqual([]));
    await app.close();
    expect(isReady()).toBe(false);
  });
});

describe('the checks of a workshop', () => {
  const text = (script: string): string =>
    `id: one\ntitle: One\ninfrastructure: [docker]\nchecks: [{ id: it-is, title: It is, script: ${script} }]\n`;
  const { getWorkshop, getWorkshopChecks } = rpcs.provisioner;
  const context = { actor: anActor(), correlationId: 'c' };
  const checks = (workshopId: string, revision: number) =>
    app.get(RpcClient).request(getWorkshopChecks, { workshopId, revision }, context);

  it('are told to the executor by revision, and to clients without their scripts', async () => {
    await ship('one', text('old'));
    await start(folder);
    await eventually(() => expect(isReady()).toBe(true));
    await app.close();
    await ship('one', text('new'));
    await start(folder);
    await eventually(() => expect(isReady()).toBe(true));
    expect(await eventually(() => checks('one', 1))).toMatchObject({ checks: [{ id: 'it-is', script: 'old' }] });
    expect(await checks('one', 2)).toMatchObject({ checks: [{ id: 'it-is', script: 'new' }] });
    const view = await app.get(RpcClient).request(getWorkshop, { workshopId: 'one' }, context);
    expect(view).toMatchObject({ revision: 2, checks: [{ id: 'it-is', title: 'It is' }] });
    expect(JSON.stringify(view)).not.toContain('new');
    for (const [workshopId, revision] of [
      ['one', 3],
      ['two', 1],
    ] as const) {
      await expect(checks(workshopId, revision)).rejects.toMatchObject({ kind: 'not_found' });
    }
  });

  it('leave the workshop out when they break a rule', async () => {
    await ship('one', text('"true", timeoutSeconds: 61'));
    await ship('two');
    await start(folder);
    await eventually(() => expect(isReady()).toBe(true));
    expect(await offered()).toEqual(['two']);
  });
});
