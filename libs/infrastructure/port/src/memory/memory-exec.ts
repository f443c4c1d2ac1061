import { AppError } from '@nalabo/kernel';
import type { ExecRequest, ExecStream, ExecTransport } from '../command/exec-stream.js';
import type { CommandIo, CommandReport, CommandRun, ExecFacet, Shell, Terminal, TerminalRequest } from '../exec.js';
import { LaneShell } from '../lane/lane-shell.js';
import type { SessionRef } from '../reference.js';
import { ExecTerminal } from '../terminal/exec-terminal.js';
import { LocalTransport } from './local-transport.js';
import type { MemoryBackend } from './memory-backend.js';
import { ownedObjectsOf } from './memory-look.js';
import { MemoryTerminals } from './memory-terminals.js';
import type { MemoryWorkbench } from './memory-workbench.js';

/** Fixed, so that a command finds the same programs whatever the tests were started with. */
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Both roles run as the user of the tests: a memory session isolates nothing. */
export class MemoryExec implements ExecFacet {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly instance: string,
  ) {}

  async open(ref: SessionRef): Promise<Shell> {
    const workbench = await this.workbench(ref);
    return new MemoryShell(this.backend, workbench, LaneShell.open(new MemoryTransport(workbench)));
  }

  async terminal(ref: SessionRef, request: TerminalRequest): Promise<Terminal> {
    const workbench = await this.workbench(ref);
    const commands = new MemoryTransport(workbench);
    const directory = await workbench.locate('/workspace');
    return ExecTerminal.open({ commands, terminals: new MemoryTerminals(commands), directory }, request);
  }

  private async workbench(ref: SessionRef): Promise<MemoryWorkbench> {
    const never = new AbortController().signal;
    const workbench = await this.backend.faults.call(`open ${ref.sessionId}`, never, () => {
      const isOurs = ownedObjectsOf(this.backend, this.instance, ref).some(({ kind }) => kind === 'container');
      return isOurs ? this.backend.workbench(ref.sessionId) : undefined;
    });
    if (workbench?.state === 'running') return workbench;
    throw new AppError('not_found', `session ${ref.sessionId} has no running workbench`);
  }
}

/** Programs in the workbench of a session, as long as it runs. */
class MemoryTransport implements ExecTransport {
  constructor(private readonly workbench: MemoryWorkbench) {}

  async open(request: ExecRequest): Promise<ExecStream> {
    const { workbench } = this;
    const directory = await workbench.locate('/workspace');
    const environment = {
      PATH: searchPath,
      HOME: await workbench.locate('/home/lab'),
      ...workbench.environment(),
    };
    if (workbench.state !== 'running') throw new AppError('not_found', 'the workbench is gone');
    return new LocalTransport({ directory, environment }).open(request);
  }
}

class MemoryShell implements Shell {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly workbench: MemoryWorkbench,
    private readonly shell: Shell,
  ) {}

  async run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandReport> {
    try {
      return await this.backend.faults.call(`run ${command.executionId}`, signal, () =>
        this.start(command, io, signal),
      );
    } catch (error) {
      if (signal.aborted) return { end: { kind: 'killed' }, path: 'exec', leftProcesses: false };
      if (!(error instanceof AppError) || error.kind !== 'timeout') throw error;
      return { end: { kind: 'lost', detail: error.message }, path: 'exec', leftProcesses: false };
    }
  }

  close(): Promise<void> {
    return this.shell.close();
  }

  private async start(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandReport> {
    const workingDirectory = await this.workbench.locate(command.workingDirectory);
    this.workbench.commands.add(command.executionId);
    try {
      return await this.shell.run({ ...command, workingDirectory }, io, signal);
    } finally {
      this.workbench.commands.delete(command.executionId);
    }
  }
}
