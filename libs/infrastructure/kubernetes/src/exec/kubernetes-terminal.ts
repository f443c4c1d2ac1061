import { AppError } from '@nalabo/kernel';
import type { ExecRequest, TerminalExec, TerminalTransport } from '@nalabo/infrastructure-port';
import type { KubeClient } from '../cluster/kube.client.js';
import { connectExec } from './connect-exec.js';
import type { ExecContainer } from './exec-call.js';
import { channels } from './exec-frames.js';
import type { ExecFrame } from './exec-socket.js';
import { KubernetesExecStream } from './kubernetes-exec-stream.js';
import { replacingScript, terminalBootstrap, terminalReady } from './program-script.js';

const readyDeadlineMs = 10_000;

/** Execs on terminals of their own. What is to be run goes over the terminal, before it shows anything. */
export class KubernetesTerminals implements TerminalTransport {
  constructor(
    private readonly client: KubeClient,
    private readonly container: ExecContainer,
  ) {}

  async openTerminal(request: ExecRequest): Promise<TerminalExec> {
    const call = { ...this.container, command: terminalBootstrap, isTerminal: true };
    const socket = await connectExec(this.client, call);
    const frames = socket.frames();
    const timer = setTimeout(() => socket.close(), readyDeadlineMs);
    try {
      await untilReady(frames);
      await socket.write(Buffer.from(replacingScript(request)));
      return { stream: new KubernetesExecStream(socket, null, frames), resize: (size) => socket.resize(size) };
    } catch (error) {
      socket.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Leaves the frames behind it to whoever reads on. */
async function untilReady(frames: AsyncGenerator<ExecFrame>): Promise<void> {
  for (;;) {
    const { value, done } = await frames.next();
    if (done || value.channel === channels.status) {
      throw new AppError('unavailable', 'the workbench does not open a terminal');
    }
    if (value.channel === channels.stdout && value.payload.includes(terminalReady)) return;
  }
}
