import type { PreflightFinding } from '@nalabo/contracts';
import { AppError, toAppError, type Clock } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { AccessReviews } from './access-reviews.js';
import { BoundaryProbe, type BoundarySettings } from './boundary-probe.js';
import {
  apiServicesFinding,
  metricsFinding,
  storageClassesFinding,
  versionFinding,
  type ApiService,
  type ClusterVersion,
} from './cluster-findings.js';
import { failed, ok, warning } from './finding.js';

const probeDeadlineMs = 60_000;
/** A probe costs the cluster a namespace and a pod, and what it finds well rarely changes. */
const probeKeptMs = 60 * 60_000;

export interface PreflightSettings extends BoundarySettings {
  /** Renders the chart of a virtual cluster for a version of Kubernetes. @throws AppError when it cannot. */
  readonly renderChart: (kubernetesVersion: string) => Promise<unknown>;
}

/** Examines a cluster for what sessions need of it. */
export class KubernetesPreflight {
  private readonly probe: BoundaryProbe;
  private kept: { readonly until: number; readonly findings: readonly PreflightFinding[] } | undefined;

  constructor(
    private readonly client: KubeClient,
    private readonly clock: Clock,
    private readonly settings: PreflightSettings,
  ) {
    const reviews = new AccessReviews(client, settings);
    this.probe = new BoundaryProbe(client, reviews, clock, settings);
  }

  /** @throws AppError when the cluster cannot be asked. */
  async run(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const version = (await this.client.read('/version', signal)) as ClusterVersion;
    return [
      versionFinding(version),
      ...(await this.records(signal)),
      await this.chart(version.gitVersion),
      await this.account(),
      ...(await this.boundaries(signal)),
    ];
  }

  private async records(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const services = await attempt('API services', signal, () =>
      this.client.list<ApiService>(resources.apiService, {}, signal),
    );
    const classes = await attempt('storage classes', signal, () =>
      this.client.list<KubeObject>(resources.storageClass, {}, signal),
    );
    return [
      ...('unknown' in services
        ? [services.unknown]
        : [apiServicesFinding(services.value), metricsFinding(services.value)]),
      'unknown' in classes ? classes.unknown : storageClassesFinding(classes.value),
    ];
  }

  private async chart(kubernetesVersion: string): Promise<PreflightFinding> {
    const name = 'virtual cluster chart';
    try {
      await this.settings.renderChart(kubernetesVersion);
      return ok(name, `renders for ${kubernetesVersion}`);
    } catch (error) {
      const isNeeded = this.settings.isolation === 'vcluster';
      return (isNeeded ? failed : warning)(name, toAppError(error).message);
    }
  }

  /** Whether something holds our account to the namespaces of sessions: roles alone cannot. Nothing is made. */
  private async account(): Promise<PreflightFinding> {
    const name = 'account';
    const elsewhere = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'nalabo-preflight' } };
    try {
      await this.client.apply(elsewhere, { dryRun: true });
      return warning(name, 'it may write outside of sessions: use the accounts and the guard of deploy/kubernetes');
    } catch (error) {
      const isRefused = error instanceof AppError && [403, 422].includes(Number(error.details['status']));
      return isRefused
        ? ok(name, 'it may only write to the namespaces of sessions')
        : warning(name, `not found out: ${toAppError(error).message}`);
    }
  }

  private async boundaries(signal: AbortSignal): Promise<readonly PreflightFinding[]> {
    const now = this.clock.now().getTime();
    if (this.kept && now < this.kept.until) return this.kept.findings;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(probeDeadlineMs)]);
    const tried = await attempt('network policies', signal, () => this.probe.run(limited));
    if ('unknown' in tried) return [tried.unknown];
    const isWell = tried.value.every(({ status }) => status === 'ok');
    this.kept = isWell ? { until: now + probeKeptMs, findings: tried.value } : undefined;
    return tried.value;
  }
}

type Attempt<T> = { readonly value: T } | { readonly unknown: PreflightFinding };

/** What cannot be found out is a finding too, unless nobody wants to know any more. */
async function attempt<T>(name: string, signal: AbortSignal, look: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (signal.aborted) throw error;
    return { unknown: warning(name, `not found out: ${toAppError(error).message}`) };
  }
}
