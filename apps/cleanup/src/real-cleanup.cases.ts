import { factSubject, rpcs, type PayloadOf, type ReceiptView, type SessionFact } from '@nalabo/contracts';
import { newId, systemClock } from '@nalabo/kernel';
import { FactPublisher, makeEnvelope, MessagingModule, RpcClient } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { prepareDatabase, Transaction } from '@nalabo/persistence';
import {
  anActor,
  eventually,
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { CleanupModule } from './cleanup.module.js';
import { FakeMonitor, FakePlatform, FakeProvisioner } from './fake-platform.cases.js';

class FakePlatformModule {}

interface Surroundings {
  readonly nats: TestNats;
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  readonly neighbour: INestApplication;
}

/** Cleanup on a real database and a real NATS, with a fake provisioner and monitor behind the same NATS. */
export class RealCleanup {
  readonly nats: TestNats;
  private readonly replicas: INestApplication[] = [];

  private constructor(
    readonly platform: FakePlatform,
    private readonly surroundings: Surroundings,
  ) {
    this.nats = surroundings.nats;
  }

  static async start(): Promise<RealCleanup> {
    const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
    const adminUrl = await postgres.createDatabase();
    const databaseUrl = await prepareDatabase({ adminUrl, schema: 'cleanup', role: 'cleanup', password: newId() });
    const platform = new FakePlatform();
    const neighbour = await startApplication({
      module: FakePlatformModule,
      imports: [MessagingModule.forRoot({ url: nats.url, service: 'provisioner', instance: 'fake' })],
      controllers: [FakeProvisioner, FakeMonitor],
      providers: [{ provide: FakePlatform, useValue: platform }],
    });
    return new RealCleanup(platform, { nats, postgres, databaseUrl, neighbour });
  }

  async startReplica(): Promise<INestApplication> {
    const { databaseUrl, nats } = this.surroundings;
    const replica = await startApplication(CleanupModule.forRoot({ databaseUrl, natsUrl: nats.url, replica: newId() }));
    this.replicas.push(replica);
    return replica;
  }

  async stopReplicas(): Promise<void> {
    await Promise.all(this.replicas.splice(0).map((replica) => replica.close()));
  }

  async stop(): Promise<void> {
    await this.stopReplicas();
    await this.surroundings.neighbour.close();
    await Promise.all([this.nats.stop(), this.surroundings.postgres.stop()]);
  }

  /** Publishes what the provisioner would; with the same id it is the same message again. */
  async publish<Fact extends SessionFact>(
    fact: Fact,
    sessionId: string,
    payload: PayloadOf<Fact>,
    id = newId(),
  ): Promise<void> {
    const { neighbour } = this.surroundings;
    const context = { actor: anActor(), correlationId: 'test', sessionId };
    const envelope = { ...makeEnvelope(fact, payload, context, systemClock), id };
    // Another message id for the stream: its own window of duplicates would hide the second delivery.
    await eventually(() => neighbour.get(FactPublisher).publish(factSubject(fact, sessionId), envelope, newId()));
  }

  async receipt(sessionId: string, actor = anActor({ ownerId: 'alice' })): Promise<ReceiptView> {
    const { neighbour } = this.surroundings;
    const context = { actor, correlationId: 'test' };
    return neighbour.get(RpcClient).request(rpcs.cleanup.getReceipt, { sessionId }, context);
  }

  async sql<T>(statement: string, parameters: unknown[] = []): Promise<T> {
    const [replica] = this.replicas;
    if (!replica) throw new Error('no replica is running');
    return replica.get(Transaction).run((manager) => manager.query<T>(statement, parameters));
  }
}
