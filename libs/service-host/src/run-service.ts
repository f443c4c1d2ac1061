import { createLogger } from './logging/create-logger.js';
import type { ServiceDefinition } from './service-definition.js';
import { startService } from './start-service.js';
import { superviseProcess } from './supervise-process.js';

/** The whole `main.ts` of a service: starts it, and ends the process when it is told to or when it is broken. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const { name, config } = definition;
  const logger = createLogger({ service: name, instance: config.NALABO_INSTANCE, level: config.LOG_LEVEL });
  const supervision = superviseProcess(process, logger);
  try {
    const service = await startService(definition, logger);
    supervision.stopWith(() => service.stop());
  } catch (error) {
    logger.fatal({ err: error }, `${name} cannot start`);
    process.exit(1);
  }
}
