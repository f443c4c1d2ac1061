import { newId } from '@nalabo/kernel';
import { messagingStrategies, NatsLink } from '@nalabo/messaging';
import { Database } from '@nalabo/persistence';
import { loadConfig, runService } from '@nalabo/service-host';
import { provisionerConfigSchema } from './config.js';
import { ProvisionerModule } from './provisioner.module.js';
import { createTargets } from './targets.js';
import { WorkshopLoader } from './workshops/workshop-loader.js';

const config = loadConfig(provisionerConfigSchema);

await runService({
  name: 'provisioner',
  config,
  module: ProvisionerModule.forRoot({
    databaseUrl: config.DATABASE_URL,
    natsUrl: config.NATS_URL,
    replica: newId(),
    workshopsFolder: config.NALABO_WORKSHOPS,
    targets: await createTargets(config),
    limits: {
      liveSessionsPerOwner: config.NALABO_LIVE_SESSIONS_PER_OWNER,
      createsPerMinutePerOwner: config.NALABO_CREATES_PER_MINUTE,
      provisionsPerTarget: config.NALABO_PROVISIONS_PER_TARGET,
      queuePerTarget: config.NALABO_QUEUE_PER_TARGET,
    },
  }),
  readiness: { workshops: WorkshopLoader, database: Database, nats: NatsLink },
  strategies: messagingStrategies,
});
