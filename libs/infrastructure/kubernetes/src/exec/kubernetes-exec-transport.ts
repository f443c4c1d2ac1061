import { randomBytes } from 'node:crypto';
import type { ExecRequest, ExecStream, ExecTransport } from '@nalabo/infrastructure-port';
import type { KubeClient } from '../cluster/kube.client.js';
import { connectExec } from './connect-exec.js';
import type { ExecContainer } from './exec-call.js';
import { EndNotice } from './end-notice.js';
import { KubernetesExecStream } from './kubernetes-exec-stream.js';
import { bootstrap, programScript } from './program-script.js';

/** Execs in one container of a pod. What is to be run goes over the standard input, where nobody else sees it. */
export class KubernetesExecTransport implements ExecTransport {
  constructor(
    private readonly client: KubeClient,
    private readonly container: ExecContainer,
  ) {}

  async open(request: ExecRequest): Promise<ExecStream> {
    const socket = await connectExec(this.client, { ...this.container, command: bootstrap, isTerminal: false });
    const token = randomBytes(16).toString('hex');
    await socket.write(Buffer.from(programScript(request, token)));
    if (!request.hasInput) socket.endInput();
    return new KubernetesExecStream(socket, request.mayLeaveProcesses ? new EndNotice(token) : null);
  }
}
