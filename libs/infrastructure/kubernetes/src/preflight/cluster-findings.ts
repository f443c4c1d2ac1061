import type { PreflightFinding } from '@nalabo/contracts';
import type { KubeObject } from '../cluster/kube-object.js';
import type { KubeCondition } from '../session/kube-pod.js';
import { failed, ok, warning } from './finding.js';

/** What a cluster's own records mean for sessions. */

export interface ClusterVersion {
  readonly major: string;
  /** With a `+` on some managed clusters. */
  readonly minor: string;
  readonly gitVersion: string;
}

export interface ApiService extends KubeObject {
  readonly status?: { readonly conditions?: readonly KubeCondition[] };
}

const oldestMinor = 30;

export function versionFinding({ major, minor, gitVersion }: ClusterVersion): PreflightFinding {
  const name = 'cluster version';
  const isSupported = Number(major) > 1 || Number.parseInt(minor, 10) >= oldestMinor;
  if (isSupported) return ok(name, gitVersion);
  return failed(name, `${gitVersion} is older than v1.${oldestMinor}, from which on commands can be run in sessions`);
}

export function apiServicesFinding(services: readonly ApiService[]): PreflightFinding {
  const name = 'API services';
  const away = services.filter((service) => !isAvailable(service));
  if (away.length === 0) return ok(name, `all ${services.length} are available`);
  const told = away.map((service) => `${service.metadata.name} (${whyAway(service)})`).join(', ');
  return failed(name, `no namespace can be removed while an API service is away: ${told}`);
}

export function metricsFinding(services: readonly ApiService[]): PreflightFinding {
  const name = 'metrics';
  const service = services.find(({ metadata }) => metadata.name === 'v1beta1.metrics.k8s.io');
  if (!service) return warning(name, 'there is no metrics API: what sessions use is not available');
  if (isAvailable(service)) return ok(name, 'the metrics API is available');
  return warning(name, `the metrics API is away: ${whyAway(service)}`);
}

export function storageClassesFinding(classes: readonly KubeObject[]): PreflightFinding {
  const name = 'storage classes';
  const defaults = classes.filter(isDefaultClass).map(({ metadata }) => metadata.name);
  const [first, ...others] = defaults;
  if (first === undefined) {
    return warning(
      name,
      `none of ${classes.length} is the default: claims of learners that name no class stay pending`,
    );
  }
  if (others.length > 0) return warning(name, `more than one is the default: ${defaults.join(', ')}`);
  return ok(name, `the default is ${first}`);
}

function isAvailable({ status }: ApiService): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Available' && value === 'True') ?? false;
}

function whyAway({ status }: ApiService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available');
  return condition?.message ?? condition?.reason ?? 'it has never been available';
}

function isDefaultClass({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
}
