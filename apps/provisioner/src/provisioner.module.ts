import { TargetRegistry } from '@nalabo/infrastructure-port';
import { MessagingModule } from '@nalabo/messaging';
import { CreateMessageTables1700000000000, MessageStoreModule, PersistenceModule } from '@nalabo/persistence';
import type { AdmissionLimits } from '@nalabo/session';
import { Module, type DynamicModule } from '@nestjs/common';
import { AppliesController } from './applies/applies.controller.js';
import { SessionApplies } from './applies/session-applies.js';
import { CatalogueController } from './workshops/catalogue.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { ReconcileLoop } from './reconcile/reconcile-loop.js';
import { SessionClaims } from './reconcile/session-claims.js';
import { SessionReconciler } from './reconcile/session-reconciler.js';
import { admissionLimits } from './sessions/admission-limits.js';
import { IdempotencyKeyEntity } from './sessions/idempotency-key.entity.js';
import { SessionCreation } from './sessions/session-creation.js';
import { SessionEventEntity } from './sessions/session-event.entity.js';
import { SessionHistory } from './sessions/session-history.js';
import { SessionSpecs } from './sessions/session-specs.js';
import { SessionIntent } from './sessions/session-intent.js';
import { SessionEntity } from './sessions/session.entity.js';
import { SessionStore } from './sessions/session.store.js';
import { AddApplied1763730000000 } from './migrations/add-applied.js';
import { AddChecks1763720000000 } from './migrations/add-checks.js';
import { AddIsolation1763710000000 } from './migrations/add-isolation.js';
import { AddWorkshopChangers1763750000000 } from './migrations/add-workshop-changers.js';
import { AddWorkshopSources1763740000000 } from './migrations/add-workshop-sources.js';
import { CreateSessions1763700000000 } from './migrations/create-sessions.js';
import { Retention } from './retention/retention.js';
import { TargetPreflights } from './targets/target-preflights.js';
import { TargetProbes } from './targets/target-probes.js';
import { WorkshopCatalogue } from './workshops/workshop-catalogue.js';
import { WorkshopLoader, workshopsFolder } from './workshops/workshop-loader.js';
import { WorkshopEntity } from './workshops/workshop.entity.js';

export interface ProvisionerOptions {
  /** URL of the service's own database role. Carries the password: not for logs. */
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** This process among the replicas of the service. */
  readonly replica: string;
  readonly workshopsFolder: string;
  readonly targets: TargetRegistry;
  readonly limits: AdmissionLimits;
}

const migrations = [
  CreateMessageTables1700000000000,
  CreateSessions1763700000000,
  AddIsolation1763710000000,
  AddChecks1763720000000,
  AddApplied1763730000000,
  AddWorkshopSources1763740000000,
  AddWorkshopChangers1763750000000,
];

@Module({})
export class ProvisionerModule {
  static forRoot(options: ProvisionerOptions): DynamicModule {
    return {
      module: ProvisionerModule,
      imports: [
        MessagingModule.forRoot({ url: options.natsUrl, service: 'provisioner', instance: options.replica }),
        PersistenceModule.forRoot({
          url: options.databaseUrl,
          schema: 'provisioner',
          entities: [SessionEntity, SessionEventEntity, IdempotencyKeyEntity, WorkshopEntity],
          migrations,
        }),
        MessageStoreModule,
      ],
      controllers: [SessionsController, CatalogueController, AppliesController],
      providers: [
        { provide: TargetRegistry, useValue: options.targets },
        { provide: admissionLimits, useValue: options.limits },
        { provide: workshopsFolder, useValue: options.workshopsFolder },
        SessionStore,
        SessionHistory,
        SessionCreation,
        SessionIntent,
        SessionSpecs,
        SessionApplies,
        SessionClaims,
        SessionReconciler,
        ReconcileLoop,
        TargetPreflights,
        TargetProbes,
        WorkshopCatalogue,
        WorkshopLoader,
        Retention,
      ],
    };
  }
}
