/** What a Compose file asks for, made up of nothing but what is allowed, with all defaults filled in. It is plain JSON. */
export interface ComposeModel {
  /** In the order of the file. */
  readonly services: readonly ComposeService[];
  /** The networks that services are in. Each is the session's own and leads nowhere else. */
  readonly networks: readonly string[];
  /** The named volumes that services mount. */
  readonly volumes: readonly string[];
  /** The folders that services mount, relative to the workspace, without `./`. */
  readonly folders: readonly string[];
}

export interface ComposeService {
  readonly name: string;
  /** One of the context's images. */
  readonly image: string;
  /** Null for the image's own, empty for none. */
  readonly command: readonly string[] | null;
  /** Null for the image's own, empty for none. */
  readonly entrypoint: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. Null for the image's own. */
  readonly workingDirectory: string | null;
  /** Never root. Null for the image's own. */
  readonly user: ServiceUser | null;
  readonly hostname: string | null;
  readonly mounts: readonly Mount[];
  readonly networks: readonly ServiceNetwork[];
  /** The ports that the service listens on. None is published. */
  readonly endpoints: readonly Endpoint[];
  readonly dependsOn: readonly Dependency[];
  /** Null when nothing is checked, whatever the image says. */
  readonly healthcheck: HealthCheck | null;
  readonly limits: ServiceLimits;
  readonly ulimits: Readonly<Partial<Record<UlimitName, Ulimit>>>;
  readonly sharedMemoryBytes: number;
  readonly stopGraceSeconds: number;
  /** Null for the image's own. */
  readonly stopSignal: StopSignal | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ServiceUser {
  readonly uid: number;
  /** Null for the group that goes with the user. */
  readonly gid: number | null;
}

export type MountSource =
  | { readonly kind: 'workspace' }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'volume'; readonly name: string }
  | { readonly kind: 'tmpfs'; readonly sizeBytes: number };

export interface Mount {
  readonly source: MountSource;
  /** Absolute and without detours. */
  readonly target: string;
  readonly readOnly: boolean;
}

export interface ServiceNetwork {
  readonly name: string;
  /** Further names of the service in this network. */
  readonly aliases: readonly string[];
}

export interface Endpoint {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** The port that the file wanted on the host: information, and nothing else. */
  readonly publishedPort: number | null;
}

export interface Dependency {
  readonly service: string;
  readonly condition: 'started' | 'healthy' | 'completed';
}

export interface HealthCheck {
  /** A text is for the shell of the image. */
  readonly test: string | readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface ServiceLimits {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly processes: number;
}

export type UlimitName = 'nofile' | 'core' | 'fsize';

export interface Ulimit {
  readonly soft: number;
  readonly hard: number;
}

export const stopSignals = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGKILL',
] as const;
export type StopSignal = (typeof stopSignals)[number];
