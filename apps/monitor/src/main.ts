import { newId } from '@nalabo/kernel';
import { messagingStrategies, NatsLink } from '@nalabo/messaging';
import { Database } from '@nalabo/persistence';
import { loadConfig, runService } from '@nalabo/service-host';
import { monitorConfigSchema } from './config.js';
import { MonitorModule } from './monitor.module.js';
import { loadTargets } from './targets.js';

const config = loadConfig(monitorConfigSchema);

await runService({
  name: 'monitor',
  config,
  module: MonitorModule.forRoot({
    databaseUrl: config.DATABASE_URL,
    natsUrl: config.NATS_URL,
    replica: newId(),
    targets: await loadTargets(config),
  }),
  readiness: { database: Database, nats: NatsLink },
  strategies: messagingStrategies,
});
