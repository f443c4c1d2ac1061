import type { Endpoint, InfrastructureObject, ProgressStep, StorageReport } from '@nalabo/contracts';

/** What a target shows of one session at one moment. Absent is a value, not an error. */
export type Observation =
  | { readonly presence: 'absent' }
  | {
      readonly presence: 'present';
      /** `pending`: still being built or half-made; `ready`: the workbench answers; `stopped`: the workbench has ended. */
      readonly readiness: 'pending' | 'ready' | 'stopped';
      /** Why it is not ready, for people. */
      readonly reason: string | null;
      readonly generation: number;
      readonly objects: readonly InfrastructureObject[];
      readonly storage: StorageReport | null;
      /** Where services listen, by the names that resolve inside of the session. */
      readonly endpoints: readonly Endpoint[];
      /** What was applied and runs beside the workbench. */
      readonly services: readonly ServiceState[];
      /** The steps to here with their timings, from `ensure` always, from a plain look when the target has kept them. */
      readonly steps: readonly ProgressStep[];
    };

/** One service of a session. It is no sign of trouble when one has ended: it may have had only so much to do. */
export interface ServiceState {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'ended';
  /** By its health check; null when it has none, or does not run. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  /** Null as long as it runs, and when nobody knows. */
  readonly exitCode: number | null;
}

export const absent: Observation = { presence: 'absent' };

/** One object that carries our instance label, known to the platform or not. */
export interface OwnedObject extends InfrastructureObject {
  readonly sessionId: string;
  readonly generation: number;
  /** Epoch seconds, from the label. */
  readonly endsByEpochSeconds: number | null;
}

/** What one session has used; a figure that cannot be had is null. CPU is a counter: rates need two samples. */
export interface UsageSample {
  readonly sessionId: string;
  readonly cpuSecondsTotal: number | null;
  readonly memoryBytes: number | null;
  readonly networkReceivedBytes: number | null;
  readonly networkSentBytes: number | null;
  readonly processes: number | null;
}

/** Whether the target can be reached and lets us work. An unreachable target is a value here. */
export interface Probe {
  readonly reachable: boolean;
  readonly reason: string | null;
  readonly version: string | null;
}
