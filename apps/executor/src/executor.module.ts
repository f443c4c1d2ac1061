import { TargetRegistry } from '@nalabo/infrastructure-port';
import { MessagingModule, type MessagingOptions } from '@nalabo/messaging';
import {
  CreateMessageTables1700000000000,
  MessageStoreModule,
  PersistenceModule,
  type PersistenceOptions,
} from '@nalabo/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { SessionAccess } from './access/session-access.js';
import { CommandRunner } from './command/command-runner.js';
import { ExecutionReader } from './executions/execution-reader.js';
import { ExecutionSweep } from './executions/execution-sweep.js';
import { ExecutionUpkeep } from './executions/execution-upkeep.js';
import { ExecutionEntity } from './executions/execution.entity.js';
import { ExecutionStore } from './executions/execution.store.js';
import { ExecutionsController } from './executions/executions.controller.js';
import { ProcessLease } from './executions/process-lease.js';
import { CreateExecutions1700000001000 } from './migrations/create-executions.js';

export interface ExecutorOptions {
  readonly messaging: MessagingOptions;
  readonly database: Pick<PersistenceOptions, 'url' | 'schema'>;
  readonly targets: TargetRegistry;
}

@Module({})
export class ExecutorModule {
  static forRoot({ messaging, database, targets }: ExecutorOptions): DynamicModule {
    return {
      module: ExecutorModule,
      imports: [
        MessagingModule.forRoot(messaging),
        PersistenceModule.forRoot({
          ...database,
          entities: [ExecutionEntity],
          migrations: [CreateMessageTables1700000000000, CreateExecutions1700000001000],
        }),
        MessageStoreModule,
      ],
      controllers: [ExecutionsController],
      providers: [
        { provide: TargetRegistry, useValue: targets },
        SessionAccess,
        CommandRunner,
        ProcessLease,
        ExecutionStore,
        ExecutionReader,
        ExecutionSweep,
        ExecutionUpkeep,
      ],
    };
  }
}
