/** What we read of an engine's objects; nothing else of its answers leaves the client. */

export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `created`, `running`, `exited`, `dead`, `removing`, … */
  readonly state: string;
  /** For people: `Exited (137) 3 seconds ago`. */
  readonly status: string;
  /** The network as it was given at creation. */
  readonly networkMode: string;
}

export interface EngineNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly subnet: string | undefined;
}

export interface EngineVolume {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}

export interface EngineContainerDetails {
  readonly id: string;
  readonly isRunning: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** `NAME=value`, from the image and from the container. */
  readonly environment: readonly string[];
}

/** An image that the engine has. */
export interface EngineImage {
  readonly id: string;
  /** `name@sha256:…`, none for an image that was made on the engine itself. */
  readonly digests: readonly string[];
  /** The paths for which it wants volumes. */
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Of all its layers. */
  readonly bytes: number;
  /** What it wants to be done in each build that begins with it. */
  readonly triggers: readonly string[];
}

/** An image that was built here. */
export interface EngineBuiltImage {
  /** Its tag, or its id when it has none. */
  readonly name: string;
  readonly isTagged: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** How the first process of a container fares. */
export interface ServiceProcess {
  readonly isRunning: boolean;
  readonly exitCode: number;
  /** `starting`, `healthy` or `unhealthy`; null or `none` without a check. */
  readonly health: string | null;
}

export interface EngineExec {
  readonly isRunning: boolean;
  readonly exitCode: number | null;
}

/** Narrows a list: objects whose name contains `name`, and that carry every label. */
export interface EngineFilter {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What an engine can hold containers to. */
export interface EngineFacilities {
  /** `1` or `2`. */
  readonly cgroupVersion: string;
  readonly limitsCpu: boolean;
  readonly limitsMemory: boolean;
  readonly limitsProcesses: boolean;
}

export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
}

/** The fields of a create request; the client adds nothing to them. */
export type CreateBody = Readonly<Record<string, unknown>>;
