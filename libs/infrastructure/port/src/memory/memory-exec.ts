import { AppError } from '@nalabo/kernel';
import type { CommandEnd, CommandIo, CommandReport, CommandRun, ExecFacet, Shell } from '../exec.js';
import type { SessionRef } from '../reference.js';
import type { MemoryBackend } from './memory-backend.js';
import { ownedObjectsOf } from './memory-look.js';
import type { MemoryWorkbench } from './memory-workbench.js';
import { ProcessGroup } from './process-group.js';

/** Fixed, so that a command finds the same programs whatever the tests were started with. */
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Both roles run as the user of the tests: a memory session isolates nothing. */
export class MemoryExec implements ExecFacet {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly instance: string,
  ) {}

  async open(ref: SessionRef): Promise<Shell> {
    const never = new AbortController().signal;
    const workbench = await this.backend.faults.call(`open ${ref.sessionId}`, never, () => {
      const isOurs = ownedObjectsOf(this.backend, this.instance, ref).some(({ kind }) => kind === 'container');
      return isOurs ? this.backend.workbench(ref.sessionId) : undefined;
    });
    if (workbench?.state !== 'running') {
      throw new AppError('not_found', `session ${ref.sessionId} has no running workbench`);
    }
    return new MemoryShell(this.backend, workbench);
  }
}

class MemoryShell implements Shell {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly workbench: MemoryWorkbench,
  ) {}

  async run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandReport> {
    return { end: await this.endOf(command, io, signal), path: 'exec', leftProcesses: false };
  }

  /** Nothing is held open between commands. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private async endOf(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandEnd> {
    try {
      return await this.backend.faults.call(`run ${command.executionId}`, signal, () =>
        this.start(command, io, signal),
      );
    } catch (error) {
      if (signal.aborted) return { kind: 'killed' };
      if (error instanceof AppError && error.kind === 'timeout') return { kind: 'lost', detail: error.message };
      throw error;
    }
  }

  private async start(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandEnd> {
    const workingDirectory = await this.workbench.locate(command.workingDirectory);
    const environment = {
      PATH: searchPath,
      HOME: await this.workbench.locate('/home/lab'),
      ...this.workbench.environment(),
      ...command.environment,
    };
    if (this.workbench.state !== 'running') return { kind: 'lost', detail: 'the workbench is gone' };
    const group = new ProcessGroup({ ...command, workingDirectory, environment });
    this.workbench.commands.add(group);
    try {
      return await group.run(io, signal);
    } finally {
      this.workbench.commands.delete(group);
    }
  }
}
