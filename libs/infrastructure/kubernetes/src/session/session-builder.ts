import type { Isolation } from '@nalabo/contracts';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import type { Clock } from '@nalabo/kernel';
import { isAlreadyThere, isForbidden, isQuotaNotSeenYet, isQuotaUsedUp, refuseAborted } from '../cluster/errors.js';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { refuseForeign } from './foreign-namespace.js';
import type { KubeNamespace } from './kube-pod.js';
import { accessObjects, boundaryObjects, hostedObjects, namespaceObject } from './namespace-objects.js';
import type { AccountNames } from './account-names.js';
import { retryCall } from './retry-call.js';
import { serviceHosts, type KubeService } from './service-hosts.js';
import { namespaceOf, sessionLabels } from './session-names.js';
import { learnersPods, namespaceOverhead, namespaceShares } from './session-resources.js';
import { virtualClusterOverhead, virtualWorkbenchShare } from '../vcluster/virtual-cluster-overhead.js';
import type { VirtualClusters } from '../vcluster/virtual-clusters.js';
import { workbenchPod, type WorkbenchSurroundings } from './workbench-pod.js';

const accessRetry = { attempts: 12, firstMilliseconds: 20, factor: 1.6, maximumMilliseconds: 500 };
const quotaRetry = { attempts: 25, firstMilliseconds: 25, factor: 1.3, maximumMilliseconds: 500 };

export interface BuilderSettings extends AccountNames {
  readonly instance: string;
  readonly workbenchImage: string;
  /** For sessions whose workshop says nothing. */
  readonly isolation: Isolation;
}

/** Makes what is missing of a session, in an order that leaves no pod without its boundaries. */
export class SessionBuilder {
  constructor(
    private readonly client: KubeClient,
    private readonly virtualClusters: VirtualClusters,
    private readonly clock: Clock,
    private readonly settings: BuilderSettings,
  ) {}

  async build(spec: SessionSpec, namespace: KubeNamespace | undefined, signal: AbortSignal): Promise<void> {
    const isolation = spec.isolation ?? this.settings.isolation;
    const surroundings = { ...this.settings, isolation };
    const labels = sessionLabels(this.settings.instance, spec, isolation);
    refuseAborted(signal, `build session ${spec.sessionId}`);
    if (!namespace) await this.createNamespace(namespaceObject(spec, surroundings), spec.sessionId, signal);
    await this.letIn(accessObjects(spec, surroundings), signal);
    if (isolation === 'namespace') {
      const { workbench: share, pods: podLimits } = namespaceShares(spec.limits);
      const allowance = { overhead: namespaceOverhead, pods: learnersPods, podLimits };
      const boundary = boundaryObjects(spec, surroundings, allowance);
      const objects = [...boundary, ...hostedObjects(spec, surroundings)];
      // Who binds a role has to hold what it gives, and of a role that is not there yet nobody knows what that is.
      await this.applyAll(
        objects.filter((object) => !isBinding(object)),
        signal,
      );
      await this.applyAll(objects.filter(isBinding), signal);
      const at = { namespace: namespaceOf(spec.sessionId) };
      const hosts = serviceHosts(await this.client.list<KubeService>(resources.service, at, signal));
      await this.createWorkbench(spec, { labels, share, virtualApi: null, hosts }, signal);
      return;
    }
    const allowance = { overhead: virtualClusterOverhead, pods: learnersPods, podLimits: spec.limits };
    const boundary = boundaryObjects(spec, surroundings, allowance);
    const { first, second } = await this.virtualClusters.partsFor(spec, labels, signal);
    await this.applyAll([...boundary, ...first], signal);
    const virtualApi = await this.virtualClusters.apiOf(spec, signal);
    await this.applyAll(second, signal);
    await this.createWorkbench(spec, { labels, share: virtualWorkbenchShare, virtualApi, hosts: null }, signal);
  }

  /** Whoever was faster may be anybody: nothing is written into a namespace that is not ours. */
  private async createNamespace(namespace: KubeObject, sessionId: string, signal: AbortSignal): Promise<void> {
    if (await unlessTaken(this.client.create(namespace))) return;
    const there = await this.client.find<KubeNamespace>(resources.namespace, namespace.metadata, signal);
    refuseForeign(there, this.settings.instance, sessionId);
  }

  /** Until the cluster has taken note of the bindings, an account with few rights may do nothing in the session. */
  private async letIn(bindings: readonly KubeObject[], signal: AbortSignal): Promise<void> {
    await this.applyAll(bindings, signal);
    const namespace = bindings[0]?.metadata.namespace ?? '';
    const look = () => this.client.listMetadata(resources.secret, { namespace }, signal);
    await retryCall(`reach into ${namespace}`, look, { ...accessRetry, signal, isWorthRetrying: isForbidden });
  }

  private async createWorkbench(
    spec: SessionSpec,
    surroundings: Pick<WorkbenchSurroundings, 'labels' | 'share' | 'virtualApi' | 'hosts'>,
    signal: AbortSignal,
  ): Promise<void> {
    const image = this.settings.workbenchImage;
    const pod = workbenchPod(spec, { ...surroundings, image, now: this.clock.now() });
    const operation = `create the workbench of session ${spec.sessionId}`;
    refuseAborted(signal, operation);
    const create = () => this.createPod(pod, signal);
    await retryCall(operation, create, { ...quotaRetry, signal, isWorthRetrying: isQuotaLate });
  }

  /** Whoever was faster has used up the share of a workbench. */
  private async createPod(pod: KubeObject, signal: AbortSignal): Promise<void> {
    try {
      await unlessTaken(this.client.create(pod));
    } catch (error) {
      if (!isQuotaUsedUp(error) || !(await this.client.find(resources.pod, pod.metadata, signal))) throw error;
    }
  }

  private async applyAll(objects: readonly KubeObject[], signal: AbortSignal): Promise<void> {
    refuseAborted(signal, 'build a session');
    const applied = await Promise.allSettled(objects.map((object) => this.client.apply(object)));
    const failed = applied.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

const isBinding = ({ kind }: KubeObject): boolean => kind === 'RoleBinding';

/** The quota's controller sees a new quota, and the end of a pod, a moment later than everybody else. */
function isQuotaLate(error: unknown): boolean {
  return isQuotaNotSeenYet(error) || isQuotaUsedUp(error);
}

/** False when somebody else was faster. */
async function unlessTaken(create: Promise<unknown>): Promise<boolean> {
  try {
    await create;
    return true;
  } catch (error) {
    if (isAlreadyThere(error)) return false;
    throw error;
  }
}
