import { ScriptRunner, type SessionRef } from '@nalabo/infrastructure-port';
import { AppError, retry } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { KubernetesExecTransport } from '../exec/kubernetes-exec-transport.js';
import { serviceHosts, type KubeService } from '../session/service-hosts.js';
import { namespaceOf, workbenchName } from '../session/session-names.js';
import { checkerName } from '../session/workbench-pod.js';
import type { SessionApi } from './session-api.js';

const patience = { attempts: 3, firstMilliseconds: 200, factor: 3, maximumMilliseconds: 1000 } as const;

/** Keeps what the workbench of a session in a namespace calls its Services by. */
export class WorkbenchNames {
  constructor(private readonly host: KubeClient) {}

  /**
   * Only the checker may write the table. A workbench that cannot be reached is made anew sooner or later, and then has
   * the names from its beginning: that is no reason for an apply to fail that has been carried out.
   */
  async renew({ sessionId }: SessionRef, api: SessionApi, signal: AbortSignal): Promise<void> {
    const namespace = namespaceOf(sessionId);
    const transport = new KubernetesExecTransport(this.host, { namespace, pod: workbenchName, container: checkerName });
    const write = async (): Promise<void> => {
      const services = await api.client.list<KubeService>(resources.service, { namespace }, signal);
      await new ScriptRunner(transport).run('printf %s "$1" > /etc/hosts', [serviceHosts(services)]);
    };
    await retry(write, { ...patience, signal, isWorthRetrying: () => true }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
    });
  }
}
