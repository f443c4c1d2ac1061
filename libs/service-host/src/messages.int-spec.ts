import { facts, rpcs, type PayloadOf, type ReplyOf } from '@nalabo/contracts';
import { AppError, newId, newSessionId } from '@nalabo/kernel';
import {
  FactPublisher,
  HandleFact,
  HandleRpc,
  MessagingModule,
  messagingStrategies,
  NatsLink,
  RpcClient,
} from '@nalabo/messaging';
import {
  CreateMessageTables1700000000000,
  Database,
  Inbox,
  MessageStoreModule,
  Outbox,
  PersistenceModule,
  prepareDatabase,
  Transaction,
} from '@nalabo/persistence';
import {
  anActor,
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@nalabo/testing';
import { Controller, Logger, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from './logging/create-logger.js';
import { startService, type RunningService } from './start-service.js';

type ListTargets = typeof rpcs.provisioner.listTargets;

@Controller()
class TargetsHandler {
  private readonly logger = new Logger('Targets');
  readonly handled: PayloadOf<typeof facts.sessionReady>[] = [];

  constructor(
    private readonly transaction: Transaction,
    private readonly inbox: Inbox,
  ) {}

  @HandleRpc(rpcs.provisioner.listTargets)
  async list(): Promise<ReplyOf<ListTargets>> {
    this.logger.log('targets listed');
    throw new AppError('unprocessable', 'no targets here');
  }

  @HandleFact(facts.sessionReady)
  async ready(payload: PayloadOf<typeof facts.sessionReady>, envelope: { readonly id: string }): Promise<void> {
    await this.transaction.run((manager) =>
      this.inbox.once(manager, envelope.id, async () => {
        this.handled.push(payload);
      }),
    );
  }
}

@Module({ controllers: [TargetsHandler] })
class TargetsModule {}

describe('a service with messages and a database', () => {
  let postgres: TestPostgres;
  let nats: TestNats;
  let service: RunningService;
  const logged: Record<string, unknown>[] = [];

  beforeAll(async () => {
    [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
    const adminUrl = await postgres.createDatabase();
    const DATABASE_URL = await prepareDatabase({ adminUrl, schema: 'alpha', role: 'alpha', password: 'p1' });
    const migrations = [CreateMessageTables1700000000000];
    @Module({
      imports: [
        PersistenceModule.forRoot({ url: DATABASE_URL, schema: 'alpha', entities: [], migrations }),
        MessagingModule.forRoot({ url: nats.url, service: 'provisioner', instance: 'one' }),
        MessageStoreModule,
        TargetsModule,
      ],
    })
    class ServiceModule {}
    const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
    const config = { DATABASE_URL, NATS_URL: nats.url, HEALTH_HOST: '127.0.0.1', HEALTH_PORT: 0 } as const;
    service = await startService(
      {
        name: 'provisioner',
        module: ServiceModule,
        config: { ...config, LOG_LEVEL: 'info', NALABO_INSTANCE: 'local' },
        readiness: { database: Database, nats: NatsLink },
        strategies: messagingStrategies,
      },
      createLogger({ service: 'provisioner', instance: 'local', level: 'info' }, { write }),
    );
    await eventually(async () => expect((await fetch(`${service.url}/health/ready`)).status).toBe(200));
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([postgres.stop(), nats.stop()]);
  });

  function get<T>(type: abstract new (...parameters: never[]) => T): T {
    return service.app.get<T>(type, { strict: false });
  }

  it('keeps the kind of an error on its way to the caller, and knows the request in its log', async () => {
    const context = { actor: anActor(), correlationId: 'request-7' };
    const asked = get(RpcClient).request(rpcs.provisioner.listTargets, {}, context);
    await expect(asked).rejects.toMatchObject({ name: 'AppError', kind: 'unprocessable' });
    expect(logged).toContainEqual(expect.objectContaining({ msg: 'targets listed', correlationId: 'request-7' }));
  });

  it('handles a committed fact once, also when it is published again', async () => {
    const context = { sessionId: newSessionId(), actor: anActor(), correlationId: newId() };
    await get(Transaction).run((manager) =>
      get(Outbox).add(manager, facts.sessionReady, { provisioningMs: 1 }, context),
    );
    await eventually(() => expect(get(TargetsHandler).handled).toEqual([{ provisioningMs: 1 }]));
    const [row]: [{ subject: string; envelope: Parameters<FactPublisher['publish']>[1] }] = await get(Transaction).run(
      (manager) => manager.query('SELECT subject, envelope FROM outbox'),
    );
    await get(FactPublisher).publish(row.subject, row.envelope, newId());
    await get(Transaction).run((manager) =>
      get(Outbox).add(manager, facts.sessionReady, { provisioningMs: 2 }, context),
    );
    await eventually(() => expect(get(TargetsHandler).handled).toEqual([{ provisioningMs: 1 }, { provisioningMs: 2 }]));
  });

  it('is not ready, but lives, while NATS is away', async () => {
    await nats.stop();
    await eventually(async () => {
      const response = await fetch(`${service.url}/health/ready`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        checks: { database: { ready: true }, nats: { ready: false, reason: 'NATS is not connected' } },
      });
    });
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
  });
});
