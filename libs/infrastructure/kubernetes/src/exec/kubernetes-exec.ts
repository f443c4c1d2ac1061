import { AppError } from '@nalabo/kernel';
import {
  ExecTerminal,
  LaneShell,
  isOwned,
  sessionObjectName,
  type ExecFacet,
  type SessionRef,
  type Shell,
  type ShellRole,
  type Terminal,
  type TerminalRequest,
} from '@nalabo/infrastructure-port';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import type { KubePod } from '../session/kube-pod.js';
import { labelPrefix, workbenchName } from '../session/session-names.js';
import { workbenchState } from '../session/workbench-state.js';
import type { ExecContainer } from './exec-call.js';
import { KubernetesExecTransport } from './kubernetes-exec-transport.js';
import { KubernetesTerminals } from './kubernetes-terminal.js';

/** An exec cannot choose its user, so each role has a container of its own. */
const containers: Readonly<Record<ShellRole, string>> = { learner: workbenchName, checker: 'checker' };

/** Commands and terminals by exec in the workbench pod, in the container of the role. */
export class KubernetesExec implements ExecFacet {
  constructor(
    private readonly client: KubeClient,
    private readonly instance: string,
  ) {}

  async open(ref: SessionRef, role: ShellRole): Promise<Shell> {
    return LaneShell.open(new KubernetesExecTransport(this.client, await this.container(ref, role)));
  }

  async terminal(ref: SessionRef, request: TerminalRequest): Promise<Terminal> {
    const container = await this.container(ref, 'learner');
    const commands = new KubernetesExecTransport(this.client, container);
    const terminals = new KubernetesTerminals(this.client, container);
    return ExecTerminal.open({ commands, terminals, directory: '/workspace' }, request);
  }

  private async container({ sessionId }: SessionRef, role: ShellRole): Promise<ExecContainer> {
    const namespace = sessionObjectName(sessionId);
    const container = containers[role];
    const pod = await this.client.find<KubePod>(resources.pod, { namespace, name: workbenchName });
    const isOurs = isOwned(pod?.metadata.labels ?? {}, labelPrefix, { instance: this.instance, sessionId });
    if (isOurs && isRunning(pod, container)) return { namespace, pod: workbenchName, container };
    throw new AppError('not_found', `session ${sessionId} has no running workbench`);
  }
}

/** A workbench that its node has started again stands still until the platform has taken note of it. */
function isRunning(pod: KubePod | undefined, container: string): boolean {
  const statuses = pod?.status?.containerStatuses ?? [];
  const runs = statuses.some(({ name, state }) => name === container && state?.running !== undefined);
  return runs && workbenchState(pod).readiness !== 'stopped';
}
