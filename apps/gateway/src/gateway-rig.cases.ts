import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import {
  type CreatedKey,
  facts,
  factSubject,
  httpLimits,
  type KeyView,
  type Role,
  type SessionView,
} from '@nalabo/contracts';
import { newId, systemClock } from '@nalabo/kernel';
import { FactPublisher, makeEnvelope, MessagingModule, NatsLink } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { Database, prepareDatabase } from '@nalabo/persistence';
import { createLogger, type RunningService, startService } from '@nalabo/service-host';
import { anActor, aSessionView, eventually, startTestNats, startTestPostgres } from '@nalabo/testing';
import type { INestApplication, Type } from '@nestjs/common';
import pg from 'pg';
import { newApiKey } from './auth/api-key.js';
import { gatewayConfigSchema } from './config.js';
import { configureHttp } from './configure-http.js';
import { GatewayModule } from './gateway.module.js';
import { platform, PlatformController, TargetHealthController } from './platform.cases.js';
import { TerminalSettings } from './terminal/terminal-settings.js';
import { Wire } from './wire.cases.js';

const pepper = 'a pepper of at least thirty-two characters';

function startServices(natsUrl: string, controller: Type): Promise<INestApplication> {
  class ServicesOfTheTest {}
  const messaging = MessagingModule.forRoot({ url: natsUrl, service: 'provisioner', instance: newId() });
  return startApplication({ module: ServicesOfTheTest, imports: [messaging], controllers: [controller] });
}

/** One gateway on real PostgreSQL and NATS; the services behind it answer over NATS what the test wants. */
export class GatewayRig {
  readonly bootstrapKey = newApiKey().text;
  readonly logged: string[] = [];
  private readonly stops: (() => Promise<unknown>)[] = [];
  private databaseUrl = '';
  private natsUrl = '';
  /** Of the services behind the gateway, which a cut wire leaves connected. */
  serviceNatsUrl = '';
  databaseWire!: Wire;
  natsWire!: Wire;
  database!: pg.Pool;
  services!: INestApplication;
  gateway!: RunningService;

  static async start(): Promise<GatewayRig> {
    const rig = new GatewayRig();
    const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
    rig.stops.push(
      () => postgres.stop(),
      () => nats.stop(),
    );
    const adminUrl = await postgres.createDatabase();
    const url = await prepareDatabase({ adminUrl, schema: 'gateway', role: 'gateway', password: newId() });
    ({ wire: rig.databaseWire, url: rig.databaseUrl } = await Wire.to(url));
    ({ wire: rig.natsWire, url: rig.natsUrl } = await Wire.to(nats.url));
    rig.stops.push(
      () => rig.databaseWire.remove(),
      () => rig.natsWire.remove(),
    );
    rig.database = new pg.Pool({ connectionString: url, options: '-c search_path=gateway', max: 1 });
    rig.stops.push(() => rig.database.end());
    rig.serviceNatsUrl = nats.url;
    rig.services = await startServices(nats.url, PlatformController);
    rig.stops.push(() => rig.services.close());
    rig.gateway = await rig.startReplica();
    rig.stops.push(() => rig.gateway.stop());
    return rig;
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop();
  }

  async startReplica(environment: Record<string, string> = {}): Promise<RunningService> {
    const replica = await this.startGateway(environment);
    await eventually(async () => {
      const response = await fetch(`${replica.url}/health/ready`);
      if (response.status !== 200) throw new Error(await response.text());
    });
    return replica;
  }

  private async startGateway(environment: Record<string, string>): Promise<RunningService> {
    const config = gatewayConfigSchema.parse({
      DATABASE_URL: this.databaseUrl,
      NATS_URL: this.natsUrl,
      PORT: '0',
      API_KEY_PEPPER: pepper,
      NALABO_BOOTSTRAP_KEY: this.bootstrapKey,
      NALABO_REQUESTS_PER_SECOND: '1000',
      NALABO_REQUEST_BURST: '1000',
      ...environment,
    });
    const logger = createLogger(
      { service: 'gateway', instance: 'local', level: 'info' },
      { write: (line) => void this.logged.push(line) },
    );
    return startService(
      {
        name: 'gateway',
        config,
        module: GatewayModule.forRoot({
          databaseUrl: config.DATABASE_URL,
          natsUrl: config.NATS_URL,
          replica: newId(),
          authentication: { pepper: config.API_KEY_PEPPER, bootstrapKey: config.NALABO_BOOTSTRAP_KEY },
          terminals: new TerminalSettings(config.NALABO_TERMINAL_ORIGINS, config.NALABO_TERMINAL_FRAME_ANCESTORS),
          rate: { perSecond: config.NALABO_REQUESTS_PER_SECOND, burst: config.NALABO_REQUEST_BURST },
        }),
        readiness: { database: Database, nats: NatsLink },
        http: { host: config.HOST, port: config.PORT, bodyLimitBytes: httpLimits.bodyBytes, configure: configureHttp },
      },
      logger,
    );
  }

  startMonitor(): Promise<INestApplication> {
    return startServices(this.natsUrl, TargetHealthController);
  }

  ask(path: string, init: RequestInit & { key?: string; json?: unknown } = {}): Promise<Response> {
    const { key, json, ...rest } = init;
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
    if (json !== undefined) headers.set('content-type', 'application/json');
    const body = json === undefined ? (init.body ?? null) : JSON.stringify(json);
    return fetch(`${this.gateway.url}${path}`, { ...rest, headers, body });
  }

  /** Without a client that tidies the path. */
  async askRaw(path: string, key: string): Promise<{ status: number | undefined; type: string | undefined }> {
    const { hostname, port } = new URL(this.gateway.url);
    const request = httpRequest({ hostname, port, path, headers: { authorization: `Bearer ${key}` } }).end();
    // A connection that is cut behind its answer may still have had something to send.
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return { status: response.statusCode, type: response.headers['content-type'] };
  }

  /** A new key, made as an administrator makes one. */
  async aKey(role: Role = 'learner', ownerId: string = newId()): Promise<CreatedKey> {
    const response = await this.ask('/api/keys', { method: 'POST', key: this.bootstrapKey, json: { ownerId, role } });
    if (response.status !== 201) throw new Error(await response.text());
    return (await response.json()) as CreatedKey;
  }

  /** A key with a session of its own. */
  async aSession(overrides: Partial<SessionView> = {}): Promise<{ key: string; session: SessionView; path: string }> {
    const key = await this.aKey();
    const session = aSessionView({ ownerId: key.ownerId, ...overrides });
    platform.sessions.set(session.id, session);
    return { key: key.key, session, path: `/api/workshops/sessions/${session.id}` };
  }

  async settle(sessionId: string, state: SessionView['state']): Promise<void> {
    const session = platform.sessions.get(sessionId);
    if (session) platform.sessions.set(sessionId, { ...session, state });
    const context = { actor: anActor(), correlationId: newId(), sessionId };
    const fact = makeEnvelope(facts.sessionReady, { provisioningMs: 1 }, context, systemClock);
    await this.services.get(FactPublisher).publish(factSubject(facts.sessionReady, sessionId), fact, fact.id);
  }

  async keyView(id: string): Promise<KeyView | undefined> {
    const response = await this.ask('/api/keys?limit=200', { key: this.bootstrapKey });
    return ((await response.json()) as { items: KeyView[] }).items.find((key) => key.id === id);
  }
}
