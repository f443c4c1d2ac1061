import { Module, type DynamicModule } from '@nestjs/common';
import type { PersistenceOptions } from './connection/data-source-options.js';
import { Database, PERSISTENCE_OPTIONS } from './connection/database.js';
import { Transaction } from './connection/transaction.js';

/** The service's own schema, for every module of the service. */
@Module({})
export class PersistenceModule {
  static forRoot(options: PersistenceOptions): DynamicModule {
    return {
      module: PersistenceModule,
      global: true,
      providers: [{ provide: PERSISTENCE_OPTIONS, useValue: options }, Database, Transaction],
      exports: [Database, Transaction],
    };
  }
}
