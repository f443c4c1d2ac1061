import type { ExecutionView, Envelope, RequestOf, rpcs } from '@nalabo/contracts';
import type { CommandRun } from '@nalabo/infrastructure-port';
import { isRetryable, retry, toAppError } from '@nalabo/kernel';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ExecutionReader } from '../executions/execution-reader.js';
import { endedViewOf, viewOf } from '../executions/execution-view.js';
import { type EndedCommand, ExecutionStore } from '../executions/execution.store.js';
import { ProcessLease } from '../executions/process-lease.js';
import type { LiveExecution } from '../live/live-execution.js';
import { LiveExecutions } from '../live/live-executions.js';
import type { SessionShell } from '../shells/session-shells.js';
import { argvOf } from './argv.js';
import { commandLimits, longestShutdownMilliseconds } from './limits.js';
import { superviseCommand } from './supervise-command.js';

/** A command that is committed as running, and how to run it. */
export interface AcceptedCommand {
  readonly request: RequestOf<typeof rpcs.executor.runCommand>;
  readonly envelope: Envelope;
  readonly shell: SessionShell;
  readonly workingDirectory: string;
  readonly startedAt: Date;
}

/** Without a limit: the result exists nowhere else, so it is saved however long the database is away. */
const savePolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstMilliseconds: 100,
  factor: 2,
  maximumMilliseconds: 2000,
};

/** Takes accepted commands to their end, whether or not anybody waits for it. */
@Injectable()
export class CommandSupervisor implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(CommandSupervisor.name);
  private readonly end = new AbortController();
  private graceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly lives: LiveExecutions,
    private readonly store: ExecutionStore,
    private readonly lease: ProcessLease,
    private readonly reader: ExecutionReader,
  ) {}

  /** Does not wait: the transport, which closes after this, still has requests to answer. */
  beforeApplicationShutdown(): void {
    const stop = (): void => this.lives.stopAll('shutdown');
    this.graceTimer = setTimeout(stop, commandLimits.shutdownGraceMilliseconds);
  }

  /** Waits for the commands that no request waits for; at the latest the timer ends them. */
  async onApplicationShutdown(): Promise<void> {
    await this.lives.settle(longestShutdownMilliseconds);
    clearTimeout(this.graceTimer);
    this.end.abort();
  }

  /** The command runs when this returns. Its end is in `ended`. */
  begin(command: AcceptedCommand): LiveExecution {
    const { request, startedAt } = command;
    const { executionId, sessionId } = request;
    const live = this.lives.add(executionId, { sessionId, startedAt });
    if (request.live) live.follow();
    void this.lease
      .holdDuring(executionId, () => this.carryOut(command, live))
      .then(
        (view) => live.finish(view),
        (error: unknown) => live.fail(error),
      )
      .finally(() => this.lives.remove(executionId));
    return live;
  }

  private async carryOut(command: AcceptedCommand, live: LiveExecution): Promise<ExecutionView> {
    const { request, envelope, shell, startedAt } = command;
    const run = commandRunOf(command);
    const supervision = { timeoutMs: request.timeoutMs, stop: live.stop };
    const ending = await superviseCommand((signal) => shell.run(run, live.io, signal), supervision);
    live.closeOutput();
    if (ending.detail !== null) this.logger.warn(`execution ${run.executionId}: ${ending.detail}`);
    if (await this.save({ request, envelope, live, ending })) return endedViewOf(request, startedAt, live, ending);
    // Given up meanwhile, it stays as everybody has read it. A row that the database itself has lost can't be read again.
    const row = await this.reader.find(request.sessionId, run.executionId);
    return row ? viewOf(row) : endedViewOf(request, startedAt, live, ending);
  }

  private async save(ended: EndedCommand): Promise<boolean> {
    const { executionId } = ended.request;
    let failures = 0;
    const isWorthRetrying = (thrown: unknown): boolean => {
      const error = toAppError(thrown);
      failures += 1;
      if (failures === 1) this.logger.warn(`cannot save execution ${executionId} yet: ${error.message}`);
      return isRetryable(error) && !this.end.signal.aborted;
    };
    return retry(() => this.store.finish(ended), { ...savePolicy, signal: this.end.signal, isWorthRetrying });
  }
}

function commandRunOf({ request, workingDirectory }: AcceptedCommand): CommandRun {
  const { executionId, command, env: environment, stdin } = request;
  return {
    executionId,
    program: argvOf(command),
    workingDirectory,
    environment,
    stdin: stdin === null ? null : Buffer.from(stdin, 'base64'),
  };
}
