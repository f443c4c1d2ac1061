import { TargetRegistry } from '@nalabo/infrastructure-port';
import { MessagingModule } from '@nalabo/messaging';
import {
  CreateMessageTables1700000000000,
  MessageStoreModule,
  PersistenceModule,
  Transaction,
} from '@nalabo/persistence';
import { type DynamicModule, Module } from '@nestjs/common';
import { AppliesController } from './apply/applies.controller.js';
import { ApplyRunner } from './apply/apply-runner.js';
import { ApplyHistory } from './apply/apply-history.js';
import { ApplyLeases } from './apply/apply-leases.js';
import { ApplyPlaces } from './apply/apply-places.js';
import { ApplyRestorer } from './apply/apply-restorer.js';
import { ApplyStore } from './apply/apply.store.js';
import { ApplyUpkeep } from './apply/apply-upkeep.js';
import { CutOffStore } from './apply/cut-off.store.js';
import { CheckCounter } from './checks/check-counter.js';
import { CheckDefinitions } from './checks/check-definitions.js';
import { CheckRunner } from './checks/check-runner.js';
import { CheckShells } from './checks/check-shells.js';
import { CheckUpkeep } from './checks/check-upkeep.js';
import { CheckStore } from './checks/check.store.js';
import { ChecksController } from './checks/checks.controller.js';
import { SessionAccess } from './access/session-access.js';
import { CommandRunner } from './command/command-runner.js';
import { CommandSupervisor } from './command/command-supervisor.js';
import { ExecutionReader } from './executions/execution-reader.js';
import { ExecutionSweep } from './executions/execution-sweep.js';
import { ExecutionUpkeep } from './executions/execution-upkeep.js';
import { ExecutionEntity } from './executions/execution.entity.js';
import { ExecutionStore } from './executions/execution.store.js';
import { ExecutionsController } from './executions/executions.controller.js';
import { ProcessLease } from './executions/process-lease.js';
import { ExecutionFinder } from './live/execution-finder.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { LiveExecutions } from './live/live-executions.js';
import { LogReadings } from './logs/log-readings.js';
import { LogsController } from './logs/logs.controller.js';
import { Replica } from './replica.js';
import { SessionShells } from './shells/session-shells.js';
import { ShellUpkeep } from './shells/shell-upkeep.js';
import { ShellsController } from './shells/shells.controller.js';
import { AddApplyHistory1700000007000 } from './migrations/add-apply-history.js';
import { AddApplyRestoreAttempts1700000009000 } from './migrations/add-apply-restore-attempts.js';
import { AddApplyRestoring1700000008000 } from './migrations/add-apply-restoring.js';
import { AddLiveExecutions1700000003000 } from './migrations/add-live-executions.js';
import { CreateApplies1700000002000 } from './migrations/create-applies.js';
import { CreateCheckResults1700000005000 } from './migrations/create-check-results.js';
import { CountStarts1700000006000 } from './migrations/count-starts.js';
import { CreateExecutions1700000001000 } from './migrations/create-executions.js';
import { CreateTerminals1700000004000 } from './migrations/create-terminals.js';
import { TerminalHost } from './terminals/terminal-host.js';
import { TerminalUpkeep } from './terminals/terminal-upkeep.js';
import { TerminalStore } from './terminals/terminal.store.js';
import { TerminalsController } from './terminals/terminals.controller.js';

export interface ExecutorOptions {
  /** URL of the service's own database role. Carries the password: not for logs. */
  readonly databaseUrl: string;
  /** Carries user and password: not for logs. */
  readonly natsUrl: string;
  /** This process among the replicas of the service. */
  readonly replica: string;
  readonly targets: TargetRegistry;
}

const migrations = [
  CreateMessageTables1700000000000,
  CreateExecutions1700000001000,
  CreateApplies1700000002000,
  AddLiveExecutions1700000003000,
  CreateTerminals1700000004000,
  CreateCheckResults1700000005000,
  CountStarts1700000006000,
  AddApplyHistory1700000007000,
  AddApplyRestoring1700000008000,
  AddApplyRestoreAttempts1700000009000,
];

const controllers = [
  ExecutionsController,
  ShellsController,
  AppliesController,
  TerminalsController,
  ChecksController,
  LogsController,
];

const providers = [
  SessionAccess,
  SessionShells,
  ShellUpkeep,
  CommandRunner,
  CommandSupervisor,
  LiveExecutions,
  ExecutionFinder,
  LogReadings,
  ApplyRunner,
  ApplyPlaces,
  ApplyLeases,
  ApplyStore,
  ApplyHistory,
  ApplyRestorer,
  ApplyUpkeep,
  CutOffStore,
  IdempotencyKeys,
  ProcessLease,
  ExecutionStore,
  ExecutionReader,
  ExecutionSweep,
  ExecutionUpkeep,
  TerminalHost,
  TerminalUpkeep,
  CheckCounter,
  CheckDefinitions,
  CheckShells,
  CheckStore,
  CheckRunner,
  CheckUpkeep,
];

@Module({})
export class ExecutorModule {
  static forRoot({ databaseUrl, natsUrl, replica, targets }: ExecutorOptions): DynamicModule {
    return {
      module: ExecutorModule,
      imports: [
        MessagingModule.forRoot({ url: natsUrl, service: 'executor', instance: replica }),
        PersistenceModule.forRoot({
          url: databaseUrl,
          schema: 'executor',
          entities: [ExecutionEntity],
          migrations,
        }),
        MessageStoreModule,
      ],
      controllers,
      providers: [
        { provide: TargetRegistry, useValue: targets },
        { provide: Replica, useValue: new Replica(replica) },
        {
          provide: TerminalStore,
          inject: [Transaction],
          useFactory: (transaction: Transaction) => new TerminalStore(transaction, replica),
        },
        ...providers,
      ],
    };
  }
}
