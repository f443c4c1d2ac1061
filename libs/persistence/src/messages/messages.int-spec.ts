import { facts, type Envelope } from '@nalabo/contracts';
import { newSessionId } from '@nalabo/kernel';
import { FactPublisher } from '@nalabo/messaging';
import { anActor, eventually, startTestPostgres, type TestPostgres } from '@nalabo/testing';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../connection/database.js';
import { prepareDatabase } from '../connection/prepare-database.js';
import { Transaction } from '../connection/transaction.js';
import { PersistenceModule } from '../persistence.module.js';
import { CreateMessageTables1700000000000 } from './create-message-tables.js';
import { Inbox } from './inbox.js';
import { MessageStoreModule } from './message-store.module.js';
import { Outbox } from './outbox.js';

/** Keeps what it is given, drops an id that it has, and can be away: what the relay may rely on in a stream. */
class MemoryPublisher {
  readonly stored: Envelope[] = [];
  calls = 0;
  isAway = false;
  /** Runs after a fact was stored and before the relay hears of it. */
  afterStore: () => Promise<void> = () => Promise.resolve();

  async publish(_subject: string, envelope: Envelope, messageId: string): Promise<void> {
    this.calls += 1;
    if (this.isAway) throw new Error('the stream is away');
    if (!this.stored.some(({ id }) => id === messageId)) this.stored.push(envelope);
    await this.afterStore();
  }
}

describe('the messages of a service', () => {
  let postgres: TestPostgres;
  let url: string;
  let publisher: MemoryPublisher;
  const opened: TestingModule[] = [];

  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    publisher = new MemoryPublisher();
    const adminUrl = await postgres.createDatabase();
    url = await prepareDatabase({ adminUrl, schema: 'alpha', role: 'alpha', password: 'p1' });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((module) => module.close()));
  });

  async function openService(): Promise<TestingModule> {
    @Global()
    @Module({ providers: [{ provide: FactPublisher, useValue: publisher }], exports: [FactPublisher] })
    class MemoryMessaging {}
    const migrations = [CreateMessageTables1700000000000];
    const persistence = PersistenceModule.forRoot({ url, schema: 'alpha', entities: [], migrations });
    const module = await Test.createTestingModule({
      imports: [persistence, MemoryMessaging, MessageStoreModule],
    }).compile();
    module.useLogger(false);
    await module.init();
    opened.push(module);
    await module.get(Database).whenOpen();
    return module;
  }

  async function add(service: TestingModule, sessionId: string, milliseconds: number[]): Promise<void> {
    const context = { sessionId, actor: anActor(), correlationId: 'c-1', causationId: null };
    await service.get(Transaction).run(async (manager) => {
      for (const provisioningMs of milliseconds) {
        await service.get(Outbox).add(manager, facts.sessionReady, { provisioningMs }, context);
      }
    });
  }

  function storedOf(sessionId: string): unknown[] {
    return publisher.stored.filter((envelope) => envelope.sessionId === sessionId).map(({ payload }) => payload);
  }

  function waiting(service: TestingModule): Promise<{ count: string }[]> {
    return service
      .get(Transaction)
      .run((manager) => manager.query('SELECT count(*) FROM outbox WHERE published_at IS NULL'));
  }

  it('are published soon after the commit, in order for each session, by any number of relays', async () => {
    const [first, second] = [await openService(), await openService()];
    const sessions = Array.from({ length: 5 }, newSessionId);
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    await Promise.all(sessions.map((session, index) => add(index % 2 === 0 ? first : second, session, numbers)));
    await eventually(() => expect(publisher.stored).toHaveLength(sessions.length * numbers.length));
    for (const session of sessions) {
      expect(storedOf(session)).toEqual(numbers.map((provisioningMs) => ({ provisioningMs })));
    }
    expect(publisher.stored[0]).toMatchObject({ type: 'session.ready', version: 1, correlationId: 'c-1' });
  });

  it('are published soon, too, when a statement of somebody else wrote them', async () => {
    const service = await openService();
    const sessionId = newSessionId();
    const context = { sessionId, actor: anActor(), correlationId: 'c-1', causationId: null };
    const row = service.get(Outbox).prepare(facts.sessionReady, { provisioningMs: 1 }, context);
    const insertion = 'INSERT INTO outbox (session_id, subject, envelope) VALUES ($1, $2, $3)';
    await service.get(Transaction).statement(insertion, [row.sessionId, row.subject, row.envelope]);
    service.get(Outbox).added();
    await eventually(() => expect(storedOf(sessionId)).toEqual([{ provisioningMs: 1 }]));
  });

  it('are not published when the transaction is rolled back or the payload is wrong', async () => {
    const service = await openService();
    const session = newSessionId();
    await expect(add(service, session, [1, Number.NaN])).rejects.toThrow();
    await add(service, session, [2]);
    await eventually(() => expect(storedOf(session)).toEqual([{ provisioningMs: 2 }]));
  });

  it('wait while the stream is away, go out when it is back, and one that was stored is not stored twice', async () => {
    const service = await openService();
    const session = newSessionId();
    publisher.isAway = true;
    await add(service, session, [1, 2]);
    await eventually(() => expect(publisher.calls).toBeGreaterThan(1));
    expect(await waiting(service)).toEqual([{ count: '2' }]);
    publisher.isAway = false;
    await eventually(() => expect(storedOf(session)).toEqual([{ provisioningMs: 1 }, { provisioningMs: 2 }]));
  });

  it('are published again, under the same id, after a crash between storing and marking', async () => {
    const service = await openService();
    const session = newSessionId();
    publisher.afterStore = async () => {
      publisher.afterStore = () => Promise.resolve();
      const admin = await service.get(Transaction).run(async (manager) => {
        const others =
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%AS head%' AND pid <> pg_backend_pid()";
        return manager.query(others) as Promise<unknown[]>;
      });
      expect(admin).toHaveLength(1);
    };
    await add(service, session, [1]);
    await eventually(() => expect(publisher.calls).toBe(2));
    await eventually(async () => expect(await waiting(service)).toEqual([{ count: '0' }]));
    expect(storedOf(session)).toEqual([{ provisioningMs: 1 }]);
  });

  it('are drained when the service stops', async () => {
    const service = await openService();
    const session = newSessionId();
    await add(service, session, [1, 2, 3]);
    opened.splice(0);
    await service.close();
    expect(storedOf(session)).toHaveLength(3);
  });

  it('are handled once, also when they are delivered twice at the same moment', async () => {
    const service = await openService();
    const handled: string[] = [];
    const handle = (id: string): Promise<boolean> =>
      service.get(Transaction).run((manager) =>
        service.get(Inbox).once(manager, id, async () => {
          await manager.query('SELECT pg_sleep(0.05)');
          handled.push(id);
        }),
      );
    expect((await Promise.all([handle('m-1'), handle('m-1')])).toSorted()).toEqual([false, true]);
    expect(await handle('m-1')).toBe(false);
    expect(await handle('m-2')).toBe(true);
    expect(handled).toEqual(['m-1', 'm-2']);
  });

  it('are handled by a later delivery when the first handling failed', async () => {
    const service = await openService();
    const once = (work: () => Promise<void>): Promise<boolean> =>
      service.get(Transaction).run((manager) => service.get(Inbox).once(manager, 'm-1', work));
    await expect(once(() => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
    await expect(once(() => Promise.resolve())).resolves.toBe(true);
  });

  it('are pruned at the start when they are old', async () => {
    const first = await openService();
    await first.get(Transaction).run(async (manager) => {
      await manager.query("INSERT INTO inbox VALUES ('old', now() - interval '15 days'), ('new', now())");
      await manager.query(`INSERT INTO outbox (session_id, subject, envelope, published_at)
        VALUES ('s', 'old', '{}', now() - interval '2 hours'), ('s', 'new', '{}', now())`);
    });
    await openService();
    const left = (): Promise<unknown> =>
      first
        .get(Transaction)
        .run((manager) => manager.query('SELECT message_id AS kept FROM inbox UNION ALL SELECT subject FROM outbox'));
    await eventually(async () => expect(await left()).toEqual([{ kept: 'new' }, { kept: 'new' }]));
  });
});
