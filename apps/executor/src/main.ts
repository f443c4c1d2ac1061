import { newId } from '@nalabo/kernel';
import { messagingStrategies, NatsLink } from '@nalabo/messaging';
import { Database } from '@nalabo/persistence';
import { loadConfig, runService } from '@nalabo/service-host';
import { executorConfigSchema } from './config.js';
import { ExecutorModule } from './executor.module.js';
import { loadTargets } from './targets.js';

const config = loadConfig(executorConfigSchema);

await runService({
  name: 'executor',
  config,
  module: ExecutorModule.forRoot({
    databaseUrl: config.DATABASE_URL,
    natsUrl: config.NATS_URL,
    replica: newId(),
    targets: await loadTargets(config),
  }),
  readiness: { database: Database, nats: NatsLink },
  strategies: messagingStrategies,
});
