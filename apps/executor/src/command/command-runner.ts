import type { Envelope, ExecutionView, RequestOf, rpcs } from '@nalabo/contracts';
import { TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, type SessionId } from '@nalabo/kernel';
import { Injectable } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { refuseByState } from '../access/state-gate.js';
import { ExecutionReader } from '../executions/execution-reader.js';
import { runningViewOf, viewOf } from '../executions/execution-view.js';
import { ExecutionStore } from '../executions/execution.store.js';
import { SessionShells } from '../shells/session-shells.js';
import { CommandSupervisor } from './command-supervisor.js';
import { workingDirectoryOf } from './working-directory.js';

type RunRequest = RequestOf<typeof rpcs.executor.runCommand>;

/** Accepts commands. */
@Injectable()
export class CommandRunner {
  constructor(
    private readonly access: SessionAccess,
    private readonly targets: TargetRegistry,
    private readonly shells: SessionShells,
    private readonly store: ExecutionStore,
    private readonly reader: ExecutionReader,
    private readonly supervisor: CommandSupervisor,
  ) {}

  /**
   * Resolves when the command has ended, whatever its end; when the caller does not wait, as soon as it is accepted.
   * @throws AppError before anything has started: `not_found`, `conflict`, `gone`, `unprocessable`, `exhausted`,
   * `unavailable`.
   */
  async run(request: RunRequest, envelope: Envelope): Promise<ExecutionView> {
    const { sessionId, idempotency } = request;
    const session = await this.access.require('use', sessionId, envelope);
    const workingDirectory = workingDirectoryOf(request.cwd);
    // Before anything that may be refused: what was done once is answered again even when it could not be done any more.
    const earlier = idempotency && (await this.store.earlier(request, idempotency, envelope.actor.ownerId));
    if (earlier) return this.repeat(sessionId, earlier);
    const refusal = refuseByState(session);
    if (refusal) throw refusal;
    const ref = { sessionId: sessionId as SessionId, generation: session.generation };
    const shell = await this.shells.open({ target: this.targets.get(session.target), ref, role: 'learner' });
    const started = await this.store.start(request, envelope);
    if (started.kind === 'repeated') return this.repeat(sessionId, started.executionId);
    const { startedAt } = started;
    const live = this.supervisor.begin({ request, envelope, shell, workingDirectory, startedAt });
    return request.wait ? live.ended : runningViewOf(request, startedAt);
  }

  /** Answers what was started before by the same request, once it has ended. */
  private async repeat(sessionId: string, executionId: string): Promise<ExecutionView> {
    const row = await this.reader.get(sessionId, executionId);
    if (row.state === 'finished') return viewOf(row);
    throw new AppError('conflict', `execution ${executionId} of the same request is still running`, {
      details: { executionId, retryAfterSeconds: 1 },
    });
  }
}
