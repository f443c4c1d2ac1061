import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { messagingStrategies } from '../messaging-strategies.js';

/** A module that answers requests and takes facts from NATS, as in a service, without a port or a log. For tests. */
export async function startApplication(module: DynamicModule): Promise<INestApplication> {
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
  for (const strategy of messagingStrategies(app)) app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  return app.init();
}
