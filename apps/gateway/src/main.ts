import { httpLimits } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import { NatsLink } from '@nalabo/messaging';
import { Database } from '@nalabo/persistence';
import { loadConfig, runService } from '@nalabo/service-host';
import { gatewayConfigSchema } from './config.js';
import { configureHttp } from './configure-http.js';
import { GatewayModule } from './gateway.module.js';
import { TerminalSettings } from './terminal/terminal-settings.js';

const config = loadConfig(gatewayConfigSchema);

await runService({
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
});
