import type { CommandIo, ExecEnd, ExecStream } from '@nalabo/infrastructure-port';
import { EndNotice } from './end-notice.js';
import { channels } from './exec-frames.js';
import type { ExecFrame, ExecSocket } from './exec-socket.js';
import { toExecEnd } from './exec-status.js';

const firstSignalCode = 129;

/**
 * One exec in a pod. The cluster tells the exit code only when nobody holds the output any more; the notice of the
 * shell around the program tells it at once.
 */
export class KubernetesExecStream implements ExecStream {
  private readonly notice: EndNotice;
  private status: ExecEnd | undefined;
  private isOver = false;

  /** @param token What the notice of the end begins with; null for a program without a shell around it. */
  constructor(
    private readonly socket: ExecSocket,
    private readonly token: string | null,
  ) {
    this.notice = new EndNotice(token ?? '');
  }

  async read(output: CommandIo): Promise<void> {
    for await (const frame of this.socket.frames()) {
      const taken = this.take(frame, output);
      if (taken) await taken;
      // The status is sent behind all output.
      if (this.status) break;
    }
    this.isOver = true;
    await output.stderr(this.notice.flush());
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.socket.write(bytes);
  }

  endInput(): void {
    this.socket.endInput();
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(!this.isOver && this.notice.exitCode === null);
  }

  ended(): Promise<ExecEnd> {
    return Promise.resolve(this.end());
  }

  close(): void {
    this.socket.close();
  }

  private end(): ExecEnd {
    const { exitCode } = this.notice;
    if (this.status) {
      const isUntold = this.token !== null && exitCode === null;
      // With the whole workbench, or by the learner: how the program itself ended is unknown.
      const isShellKilled = isUntold && this.status.kind === 'exited' && this.status.exitCode >= firstSignalCode;
      return isShellKilled ? { kind: 'lost', detail: 'the shell around it was killed' } : this.status;
    }
    if (!this.isOver && exitCode !== null) return { kind: 'exited', exitCode };
    return { kind: 'lost', detail: 'the connection to the workbench was lost' };
  }

  private take({ channel, payload }: ExecFrame, output: CommandIo): void | Promise<void> {
    if (channel === channels.stdout) return output.stdout(payload);
    if (channel === channels.stderr) return output.stderr(this.notice.push(payload));
    if (channel === channels.status) this.status = toExecEnd(payload);
  }
}
