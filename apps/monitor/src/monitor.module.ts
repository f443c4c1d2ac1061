import { TargetRegistry } from '@nalabo/infrastructure-port';
import { MessagingModule } from '@nalabo/messaging';
import { PersistenceModule } from '@nalabo/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { CreateObservations1700000002000 } from './migrations/create-observations.js';
import { OrphanCount } from './orphans/orphan-count.js';
import { replicaName } from './replica-name.js';
import { SessionLookup } from './sessions/session-lookup.js';
import { SessionMetrics } from './sessions/session-metrics.js';
import { SessionSight } from './sessions/session-sight.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { observeOnly } from './targets/observe-only.js';
import { TargetGauges } from './targets/target-gauges.js';
import { TargetHealthStore } from './targets/target-health.store.js';
import { TargetLeases } from './targets/target-leases.js';
import { TargetSweep } from './targets/target-sweep.js';
import { TargetWatch } from './targets/target-watch.js';
import { TargetsController } from './targets/targets.controller.js';
import { UsageSampleEntity } from './usage/usage-sample.entity.js';
import { UsageStore } from './usage/usage.store.js';

export interface MonitorOptions {
  /** URL of the service's own database role. Carries the password: not for logs. */
  readonly databaseUrl: string;
  /** Carries user and password: not for logs. */
  readonly natsUrl: string;
  /** This process among the replicas of the service. */
  readonly replica: string;
  readonly targets: TargetRegistry;
}

@Module({})
export class MonitorModule {
  static forRoot({ databaseUrl, natsUrl, replica, targets }: MonitorOptions): DynamicModule {
    return {
      module: MonitorModule,
      imports: [
        MessagingModule.forRoot({ url: natsUrl, service: 'monitor', instance: replica }),
        PersistenceModule.forRoot({
          url: databaseUrl,
          schema: 'monitor',
          entities: [UsageSampleEntity],
          migrations: [CreateObservations1700000002000],
        }),
      ],
      controllers: [SessionsController, TargetsController],
      providers: [
        { provide: TargetRegistry, useValue: new TargetRegistry(targets.all().map(observeOnly)) },
        { provide: replicaName, useValue: replica },
        SessionLookup,
        SessionMetrics,
        SessionSight,
        UsageStore,
        TargetLeases,
        TargetHealthStore,
        TargetSweep,
        TargetGauges,
        TargetWatch,
        OrphanCount,
      ],
    };
  }
}
