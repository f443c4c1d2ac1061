import { Module, type DynamicModule } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import type { ServiceDefinition } from './service-definition.js';

/** The root of every service: its own module, and beside it logging and health. */
@Module({})
export class HostModule {
  static forRoot(definition: ServiceDefinition, logger: Logger): DynamicModule {
    const checks = definition.readiness;
    return {
      module: HostModule,
      // Log lines get their context from our own storage, so no request needs a logger of its own.
      imports: [LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] }), definition.module],
      controllers: [HealthController],
      providers: [
        { provide: Readiness, inject: [ModuleRef], useFactory: (modules: ModuleRef) => new Readiness(modules, checks) },
      ],
    };
  }
}
