import type { ServiceName } from '@nalabo/contracts';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceConfig } from './env.js';
import type { ReadinessCheck } from './health/readiness.js';

/** What makes one service different from the others. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type | DynamicModule;
  readonly config: ServiceConfig;
  /** By name: what the service cannot work without. */
  readonly readiness: Readonly<Record<string, Type<ReadinessCheck>>>;
  /** The transports whose messages the service handles. */
  readonly strategies?: (app: INestApplicationContext) => readonly CustomTransportStrategy[];
  /** For a service that serves more than health: where, and how large a body may be (default 1 MiB). */
  readonly http?: HttpDefinition;
}

export interface HttpDefinition {
  readonly host: string;
  readonly port: number;
  readonly bodyLimitBytes?: number;
  /** Runs before the routes are registered, for plugins and the OpenAPI document. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
}
