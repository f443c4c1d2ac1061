import type { CommandIo, ExecEnd, ExecStream } from '@nalabo/infrastructure-port';
import type { EndNotice } from './end-notice.js';
import { channels } from './exec-frames.js';
import type { ExecFrame, ExecSocket } from './exec-socket.js';
import { toExecEnd } from './exec-status.js';

const firstSignalCode = 129;

/**
 * One exec in a pod. The cluster tells the exit code only when nobody holds the output any more; the notice of the
 * shell around the program tells it at once.
 */
export class KubernetesExecStream implements ExecStream {
  private status: ExecEnd | undefined;
  private isOver = false;

  /** @param notice Null for a program without a shell around it. */
  constructor(
    private readonly socket: ExecSocket,
    private readonly notice: EndNotice | null,
    private readonly frames: AsyncIterable<ExecFrame> = socket.frames(),
  ) {}

  async read(output: CommandIo): Promise<void> {
    for await (const frame of this.frames) {
      const taken = this.take(frame, output);
      if (taken) await taken;
      // The status is sent behind all output.
      if (this.status) break;
    }
    this.isOver = true;
    if (this.notice) await output.stderr(this.notice.flush());
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.socket.write(bytes);
  }

  endInput(): void {
    this.socket.endInput();
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(!this.isOver && typeof this.notice?.exitCode !== 'number');
  }

  ended(): Promise<ExecEnd> {
    return Promise.resolve(this.end());
  }

  close(): void {
    this.socket.close();
  }

  private end(): ExecEnd {
    const told = this.notice?.exitCode ?? null;
    if (!this.status) {
      // Behind the notice output may be missing when the connection has broken.
      if (!this.isOver && told !== null) return { kind: 'exited', exitCode: told };
      return { kind: 'lost', detail: 'the connection to the workbench was lost' };
    }
    const isSignalled = this.status.kind === 'exited' && this.status.exitCode >= firstSignalCode;
    // With the whole workbench, or by the learner: how the program itself ended is unknown.
    if (this.notice && told === null && isSignalled) return { kind: 'lost', detail: 'the shell around it was killed' };
    return this.status;
  }

  private take({ channel, payload }: ExecFrame, output: CommandIo): void | Promise<void> {
    if (channel === channels.stdout) return output.stdout(payload);
    if (channel === channels.stderr) return output.stderr(this.notice?.push(payload) ?? payload);
    if (channel === channels.status) this.status = toExecEnd(payload);
  }
}
