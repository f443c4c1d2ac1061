import type { Limits, Resources } from '@nalabo/contracts';
import { AppError, parseBytes, parseCpuMillicores } from '@nalabo/kernel';

/** What one owner and one target may have at a time. */
export interface AdmissionLimits {
  readonly liveSessionsPerOwner: number;
  readonly createsPerMinutePerOwner: number;
  readonly provisionsPerTarget: number;
  readonly queuePerTarget: number;
}

export const defaultAdmissionLimits: AdmissionLimits = {
  liveSessionsPerOwner: 5,
  createsPerMinutePerOwner: 10,
  provisionsPerTarget: 4,
  queuePerTarget: 50,
};

export interface AdmissionCounts {
  readonly liveSessionsOfOwner: number;
  readonly createsOfOwnerLastMinute: number;
  /** Sessions of the target that are not READY yet. */
  readonly waitingOnTarget: number;
}

/** Null when a session may be created, otherwise the refusal. */
export function refuseAdmission(counts: AdmissionCounts, limits: AdmissionLimits): AppError | null {
  if (counts.liveSessionsOfOwner >= limits.liveSessionsPerOwner) {
    return exhausted(`the limit of ${limits.liveSessionsPerOwner} live sessions is reached`, 60);
  }
  if (counts.createsOfOwnerLastMinute >= limits.createsPerMinutePerOwner) {
    return exhausted(`the limit of ${limits.createsPerMinutePerOwner} created sessions a minute is reached`, 60);
  }
  if (counts.waitingOnTarget >= limits.provisionsPerTarget + limits.queuePerTarget) {
    return exhausted('the target has no room for another session now', 30);
  }
  return null;
}

function exhausted(message: string, retryAfterSeconds: number): AppError {
  return new AppError('exhausted', message, { details: { retryAfterSeconds } });
}

/** The defaults of each infrastructure, for what neither the request nor the workshop says. */
export const defaultResources: Readonly<Record<'docker' | 'kubernetes', Resources>> = {
  docker: { cpu: '1000m', memory: '2Gi', storage: '10Gi' },
  kubernetes: { cpu: '2000m', memory: '4Gi', storage: '20Gi' },
};

/** @throws AppError `invalid_input` naming the field whose text is not a quantity. */
export function parseResources(resources: Resources): Limits {
  return {
    cpuMillicores: quantity(parseCpuMillicores(resources.cpu), 'resources.cpu'),
    memoryBytes: quantity(parseBytes(resources.memory), 'resources.memory'),
    storageBytes: quantity(parseBytes(resources.storage), 'resources.storage'),
  };
}

function quantity(value: number | undefined, field: string): number {
  if (value !== undefined && value > 0) return value;
  throw new AppError('invalid_input', `${field} is not a positive quantity`, { details: { field } });
}

/** The fields of `wanted` that exceed `maximum`, as request paths. */
export function exceededFields(wanted: Limits, maximum: Limits): readonly string[] {
  const fields: readonly [string, number, number][] = [
    ['resources.cpu', wanted.cpuMillicores, maximum.cpuMillicores],
    ['resources.memory', wanted.memoryBytes, maximum.memoryBytes],
    ['resources.storage', wanted.storageBytes, maximum.storageBytes],
  ];
  return fields.filter(([, value, limit]) => value > limit).map(([field]) => field);
}
