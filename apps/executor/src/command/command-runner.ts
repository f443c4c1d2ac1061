import type { Envelope, RequestOf, rpcs } from '@nalabo/contracts';
import { type InfrastructureTarget, type SessionRef, type Shell, TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, isRetryable, retry, type SessionId, toAppError } from '@nalabo/kernel';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { refuseByState } from '../access/state-gate.js';
import type { ExecutionEntity } from '../executions/execution.entity.js';
import { ExecutionStore } from '../executions/execution.store.js';
import { ProcessLease } from '../executions/process-lease.js';
import { argvOf } from './argv.js';
import { commandLimits } from './limits.js';
import { type CommandResult, superviseCommand } from './supervise-command.js';
import { workingDirectoryOf } from './working-directory.js';

type RunRequest = RequestOf<typeof rpcs.executor.runCommand>;

/** Without a limit: the result exists nowhere else, so it is saved however long the database is away. */
const savePolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstMilliseconds: 100,
  factor: 2,
  maximumMilliseconds: 2000,
};

@Injectable()
export class CommandRunner implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(CommandRunner.name);
  /** Aborted when running commands have had their time after a stop was asked for. */
  private readonly shutdown = new AbortController();
  private readonly end = new AbortController();
  private graceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly access: SessionAccess,
    private readonly targets: TargetRegistry,
    private readonly store: ExecutionStore,
    private readonly lease: ProcessLease,
  ) {}

  /** Does not wait: the requests of the running commands are waited for by the transport, which closes after this. */
  beforeApplicationShutdown(): void {
    this.graceTimer = setTimeout(() => this.shutdown.abort(), commandLimits.shutdownGraceMilliseconds);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.graceTimer);
    this.shutdown.abort();
    this.end.abort();
  }

  /**
   * Resolves when the command has ended, whatever its end.
   * @throws AppError before anything has started: `not_found`, `conflict`, `gone`, `unprocessable`, `exhausted`,
   * `unavailable`.
   */
  async run(request: RunRequest, envelope: Envelope): Promise<ExecutionEntity> {
    const session = await this.access.require('use', request.sessionId, envelope);
    const refusal = refuseByState(session);
    if (refusal) throw refusal;
    const workingDirectory = workingDirectoryOf(request.cwd);
    const ref = { sessionId: request.sessionId as SessionId, generation: session.generation };
    const shell = await openShell(this.targets.get(session.target), ref);
    try {
      await this.store.start(request, envelope);
      return await this.lease.holdDuring(request.executionId, async () => {
        const result = await this.supervise(shell, request, workingDirectory);
        return this.save(request.executionId, result);
      });
    } finally {
      await this.close(shell);
    }
  }

  private async supervise(shell: Shell, request: RunRequest, workingDirectory: string): Promise<CommandResult> {
    const { executionId, timeoutMs, env: environment, stdin } = request;
    const command = {
      executionId,
      program: argvOf(request.command),
      workingDirectory,
      environment,
      stdin: stdin === null ? null : Buffer.from(stdin, 'base64'),
    };
    const result = await superviseCommand(shell, command, { timeoutMs, shutdown: this.shutdown.signal });
    if (result.lostDetail !== null) this.logger.warn(`execution ${executionId} was lost: ${result.lostDetail}`);
    return result;
  }

  private async save(executionId: string, result: CommandResult): Promise<ExecutionEntity> {
    let failures = 0;
    const isWorthRetrying = (thrown: unknown): boolean => {
      const error = toAppError(thrown);
      failures += 1;
      if (failures === 1) this.logger.warn(`cannot save execution ${executionId} yet: ${error.message}`);
      return isRetryable(error) && !this.end.signal.aborted;
    };
    const policy = { ...savePolicy, signal: this.end.signal, isWorthRetrying };
    return retry(() => this.store.finish(executionId, result), policy);
  }

  /** The command has ended by now; a shell that can't be closed costs the target something, the caller nothing. */
  private async close(shell: Shell): Promise<void> {
    await shell
      .close()
      .catch((error: unknown) => this.logger.warn(`a shell stayed open: ${toAppError(error).message}`));
  }
}

async function openShell(target: InfrastructureTarget, ref: SessionRef): Promise<Shell> {
  try {
    return await target.exec.open(ref, 'learner');
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'not_found')) throw error;
    // The session exists, only its workbench doesn't run: it is being restarted, or its end isn't known here yet.
    throw new AppError('unavailable', `session ${ref.sessionId} has no running workbench`, {
      cause: error,
      details: { retryAfterSeconds: 2 },
      publicMessage: 'The workbench of the session is not running.',
    });
  }
}
