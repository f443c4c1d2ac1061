import { systemClock } from '@nalabo/kernel';
import { MessagingModule } from '@nalabo/messaging';
import { PersistenceModule } from '@nalabo/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { AuditStore } from './audit/audit.store.js';
import { AuditTrail } from './audit/audit-trail.js';
import { ApiKeyStore } from './auth/api-key.store.js';
import { type AuthenticationSettings, Authenticator } from './auth/authenticator.js';
import { RateLimiter } from './edge/rate-limiter.js';
import { RequestEdge } from './edge/request-edge.js';
import { RouteTable } from './edge/route-table.js';
import type { RatePolicy } from './edge/token-bucket.js';
import { ApiKeysController } from './http/api-keys.controller.js';
import { AppliesController } from './http/applies.controller.js';
import { ChecksController } from './http/checks.controller.js';
import { ExecuteController } from './http/execute.controller.js';
import { ExecutionStreams } from './http/execution-stream/execution-streams.js';
import { ExecutionsController } from './http/executions.controller.js';
import { LogStreams } from './http/service-log/log-streams.js';
import { LogsController } from './http/logs.controller.js';
import { ObservationsController } from './http/observations.controller.js';
import { SessionWait } from './http/session-wait.js';
import { SessionsController } from './http/sessions.controller.js';
import { TargetsController } from './http/targets.controller.js';
import { TerminalsController } from './http/terminals.controller.js';
import { WorkshopsController } from './http/workshops.controller.js';
import { CreateGatewayTables1700000001000 } from './migrations/create-gateway-tables.js';
import { CreateTerminalPasses1700000002000 } from './migrations/create-terminal-passes.js';
import { TerminalEndpoint } from './terminal/terminal-endpoint.js';
import { TerminalPageController } from './terminal/terminal-page.controller.js';
import { TerminalPassStore } from './terminal/terminal-pass.store.js';
import { TerminalSettings } from './terminal/terminal-settings.js';

export interface GatewayOptions {
  /** URL of the service's own database role. Carries the password: not for logs. */
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** This process among the replicas of the service. */
  readonly replica: string;
  readonly authentication: AuthenticationSettings;
  readonly rate: RatePolicy;
  readonly terminals: TerminalSettings;
}

// Sessions come first: `workshops/sessions` is a path of its own, not a workshop.
const controllers = [
  SessionsController,
  ExecuteController,
  ExecutionsController,
  AppliesController,
  ChecksController,
  TerminalsController,
  TerminalPageController,
  ObservationsController,
  LogsController,
  WorkshopsController,
  TargetsController,
  ApiKeysController,
];

@Module({})
export class GatewayModule {
  static forRoot(options: GatewayOptions): DynamicModule {
    const { databaseUrl, natsUrl, replica, authentication, rate, terminals } = options;
    return {
      module: GatewayModule,
      imports: [
        MessagingModule.forRoot({ url: natsUrl, service: 'gateway', instance: replica }),
        PersistenceModule.forRoot({
          url: databaseUrl,
          schema: 'gateway',
          entities: [],
          migrations: [CreateGatewayTables1700000001000, CreateTerminalPasses1700000002000],
        }),
      ],
      controllers,
      providers: [
        ApiKeyStore,
        AuditStore,
        AuditTrail,
        SessionWait,
        ExecutionStreams,
        LogStreams,
        RouteTable,
        { provide: TerminalSettings, useValue: terminals },
        TerminalPassStore,
        TerminalEndpoint,
        {
          provide: Authenticator,
          inject: [ApiKeyStore],
          useFactory: (store: ApiKeyStore) => new Authenticator(store, systemClock, authentication),
        },
        {
          provide: RequestEdge,
          inject: [Authenticator, AuditTrail],
          useFactory: (authenticator: Authenticator, audit: AuditTrail) =>
            new RequestEdge(authenticator, new RateLimiter(systemClock, rate), audit, systemClock),
        },
      ],
    };
  }
}
