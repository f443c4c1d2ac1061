import { newId } from '@nalabo/kernel';
import { messagingStrategies } from '@nalabo/messaging';
import { Database } from '@nalabo/persistence';
import { loadConfig, runService, serviceConfigSchema } from '@nalabo/service-host';
import { CleanupModule } from './cleanup.module.js';

const config = loadConfig(serviceConfigSchema);

await runService({
  name: 'cleanup',
  config,
  module: CleanupModule.forRoot({ databaseUrl: config.DATABASE_URL, natsUrl: config.NATS_URL, replica: newId() }),
  // Without NATS cleanup goes on: what is due waits in its rows.
  readiness: { database: Database },
  strategies: messagingStrategies,
});
