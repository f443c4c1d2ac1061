import { newId } from '@nalabo/kernel';
import { messagingStrategies, NatsLink } from '@nalabo/messaging';
import { Database } from '@nalabo/persistence';
import { loadConfig, runService } from '@nalabo/service-host';
import { ExecutorModule } from './executor.module.js';
import { createTargets, targetsConfigSchema } from './targets.js';

const config = loadConfig(targetsConfigSchema);

await runService({
  name: 'executor',
  config,
  module: ExecutorModule.forRoot({
    databaseUrl: config.DATABASE_URL,
    natsUrl: config.NATS_URL,
    replica: newId(),
    targets: await createTargets(config),
  }),
  readiness: { database: Database, nats: NatsLink },
  strategies: messagingStrategies,
});
