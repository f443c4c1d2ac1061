import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger as NestLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { activeTelemetry } from './active-telemetry.js';
import { Readiness } from './health/readiness.js';
import { HostModule } from './host.module.js';
import { HttpErrorFilter } from './http/http-error.filter.js';
import { refuseUnroutable } from './http/refuse-unroutable.js';
import { addRequestHooks, correlationIdOf } from './http/request-hooks.js';
import { schemaPipe } from './http/schema-pipe.js';
import { MessageContext } from './message-context.js';
import type { ServiceDefinition } from './service-definition.js';

const defaultBodyLimitBytes = 1024 * 1024;
/** For all of a request to arrive, and for its headers. How long its answer takes is another matter. */
const requestTimeoutMilliseconds = 30_000;
/** Node takes the longer of the two for the request. */
const headersTimeoutMilliseconds = 10_000;
const connectionsCheckingMilliseconds = 5_000;

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** Takes nothing new, finishes what runs, and closes every connection. */
  stop(): Promise<void>;
}

/** Starts a service inside this process; `runService` adds the life of a process around it. */
export async function startService(definition: ServiceDefinition, logger: Logger): Promise<RunningService> {
  const { config, http } = definition;
  const app = await createApplication(definition, logger);
  await http?.configure?.(app);
  for (const strategy of definition.strategies?.(app) ?? []) {
    app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  }
  await app.startAllMicroservices();
  await app.listen({ host: http?.host ?? config.HEALTH_HOST, port: http?.port ?? config.HEALTH_PORT });
  const url = await app.getUrl();
  logger.info({ url }, `${definition.name} has started`);
  const stop = async (): Promise<void> => {
    app.get(Readiness).stop();
    await app.close();
    await activeTelemetry()?.shutdown();
    logger.info(`${definition.name} has stopped`);
  };
  return { app, url, stop };
}

async function createApplication(definition: ServiceDefinition, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: definition.http?.bodyLimitBytes ?? defaultBodyLimitBytes,
    requestTimeout: requestTimeoutMilliseconds,
    http: { headersTimeout: headersTimeoutMilliseconds, connectionsCheckingInterval: connectionsCheckingMilliseconds },
    requestIdHeader: false,
    genReqId: correlationIdOf,
    frameworkErrors: refuseUnroutable,
  });
  addRequestHooks(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(HostModule.forRoot(definition, logger), adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(NestLogger));
  app.useGlobalFilters(new HttpErrorFilter());
  app.useGlobalPipes(schemaPipe());
  app.useGlobalInterceptors(new MessageContext());
  return app;
}
