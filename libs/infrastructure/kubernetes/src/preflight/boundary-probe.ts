import { setTimeout as pause } from 'node:timers/promises';
import type { Isolation, PreflightFinding } from '@nalabo/contracts';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import { AppError, newSessionId, retry, type Clock } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { refuseAborted } from '../cluster/errors.js';
import { resources } from '../cluster/kube-resource.js';
import type { KubePod } from '../session/kube-pod.js';
import { accessObjects, boundaryObjects, namespaceObject } from '../session/namespace-objects.js';
import type { AccountNames } from '../session/account-names.js';
import { identityOf, instanceSelector, labelPrefix, sessionLabels } from '../session/session-names.js';
import type { AccessReviews } from './access-reviews.js';
import { failed, ok } from './finding.js';
import {
  privilegedProbe,
  probeState,
  reachProbe,
  reachProbeName,
  type ProbePlace,
  type ProbeState,
} from './probe-pods.js';
import { reachFindings } from './reach-findings.js';
import { rightsFinding } from './rights.js';

const probeWorkshop = 'preflight';
const startPatienceMs = 30_000;
const endPatienceMs = 40_000;
const pollMs = 500;
/** A new namespace gets its service account, and a new binding its effect, a moment later. */
const settling = { attempts: 15, firstMilliseconds: 100, factor: 1.5, maximumMilliseconds: 500 };

export interface BoundarySettings extends AccountNames {
  readonly instance: string;
  readonly workbenchImage: string;
  readonly isolation: Isolation;
}

/**
 * Tries out what keeps sessions apart, in a namespace made like that of a session, with the same labels. Should this
 * process die in the middle, the next probe removes what it has left.
 */
export class BoundaryProbe {
  constructor(
    private readonly client: KubeClient,
    private readonly reviews: AccessReviews,
    private readonly clock: Clock,
    private readonly settings: BoundarySettings,
  ) {}

  async run(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const missing = await this.reviews.missingOwn('cluster');
    if (missing.length > 0) return [rightsFinding('provisioner', missing)];
    const spec = specAt(this.clock.now());
    const namespace = namespaceObject(spec, this.settings);
    const { name } = namespace.metadata;
    const labels = sessionLabels(this.settings.instance, spec, this.settings.isolation);
    const place = { namespace: name, labels, image: this.settings.workbenchImage };
    const boundaries = boundaryObjects(spec, this.settings, { ...noAllowance, podLimits: spec.limits });
    await this.removeForgotten(signal);
    refuseAborted(signal, 'try out what keeps sessions apart');
    await this.client.create(namespace);
    try {
      for (const binding of accessObjects(spec, this.settings)) await this.client.apply(binding);
      return [
        ...(await this.rights(name)),
        await this.podSecurity(place),
        ...reachFindings(await this.reach(place, ofKind(boundaries, 'NetworkPolicy'), signal)),
      ];
    } finally {
      await this.client.delete(resources.namespace, { name });
    }
  }

  /** A probe that still runs, of another replica for one, has its time. */
  private async removeForgotten(signal: AbortSignal): Promise<void> {
    const labelSelector = `${instanceSelector(this.settings.instance)},${labelPrefix}workshop=${probeWorkshop}`;
    const now = this.clock.now().getTime() / 1000;
    for (const { metadata } of await this.client.listMetadata(resources.namespace, { labelSelector }, signal)) {
      const { endsByEpochSeconds } = identityOf(metadata.labels);
      if ((endsByEpochSeconds ?? 0) < now) await this.client.delete(resources.namespace, metadata, metadata);
    }
  }

  private async rights(namespace: string): Promise<readonly PreflightFinding[]> {
    let missing = await this.reviews.missingOwn('session', namespace);
    // Asked at once, the cluster may not have taken note of the binding.
    if (missing.length > 0) missing = await pause(1000).then(() => this.reviews.missingOwn('session', namespace));
    return [
      rightsFinding('provisioner', missing),
      rightsFinding('executor', await this.reviews.missingOf('executor', namespace)),
      rightsFinding('monitor', await this.reviews.missingOf('monitor', namespace)),
    ];
  }

  private async podSecurity(place: ProbePlace): Promise<PreflightFinding> {
    const name = 'pod security';
    try {
      await this.create(privilegedProbe(place));
      return failed(name, 'a privileged pod is admitted: whoever may make pods in a session may take over its node');
    } catch (error) {
      if (error instanceof AppError && /violates PodSecurity/i.test(error.message)) {
        return ok(name, 'a privileged pod is refused');
      }
      throw error;
    }
  }

  /** The policy comes when the probe has shown that it reaches something without it. */
  private async reach(place: ProbePlace, policies: readonly KubeObject[], signal: AbortSignal): Promise<ProbeState> {
    await this.create(reachProbe(place));
    const reached = await this.follow(place.namespace, startPatienceMs, signal, ({ step }) => step !== 'waiting');
    if (reached.step !== 'reached') return reached;
    for (const policy of policies) await this.client.apply(policy);
    return this.follow(place.namespace, endPatienceMs, signal, ({ step }) => step === 'ended');
  }

  private create(pod: KubeObject): Promise<KubeObject> {
    return retry(() => this.client.create(pod), {
      ...settling,
      isWorthRetrying: (error) =>
        error instanceof AppError && error.kind === 'unavailable' && error.details['status'] === 403,
    });
  }

  private async follow(
    namespace: string,
    patienceMs: number,
    signal: AbortSignal,
    isEnough: (state: ProbeState) => boolean,
  ): Promise<ProbeState> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const state = probeState(
        await this.client.get<KubePod>(resources.pod, { namespace, name: reachProbeName }, signal),
      );
      if (isEnough(state) || performance.now() > deadline) return state;
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

const noAllowance = { overhead: { cpuMillicores: 0, memoryBytes: 0, ephemeralBytes: 0, pods: 0 }, pods: 0 };

const ofKind = (objects: readonly KubeObject[], wanted: string) => objects.filter(({ kind }) => kind === wanted);

function specAt(now: Date): SessionSpec {
  return {
    sessionId: newSessionId(),
    generation: 1,
    workshopId: probeWorkshop,
    limits: { cpuMillicores: 1, memoryBytes: 1, storageBytes: 1 },
    environment: {},
    endsByEpochSeconds: Math.ceil(now.getTime() / 1000) + 300,
    subnetIndex: 0,
    isolation: null,
    applied: null,
    initial: null,
  };
}
