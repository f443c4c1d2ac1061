import { composeLimits } from './compose-limits.js';
import type { ComposeModel, ComposeService, Endpoint, ServiceLimits } from './compose-model.js';
import type { ReadFile, ReadService } from './file-rules.js';
import { shareLimits } from './share-limits.js';

/** The network of services that name none. It needs no declaration. */
export const defaultNetwork = 'default';

/** Fills in everything that the file has left open. */
export function toModel(
  { services: read = new Map<string, ReadService>() }: ReadFile,
  share: ServiceLimits,
): ComposeModel {
  const limits = shareLimits([...read.values()].map(askedLimits), share);
  const services = [...read].map(([name, service], index) => toService(name, service, limits[index] ?? share));
  const sources = services.flatMap(({ mounts }) => mounts.map(({ source }) => source));
  return {
    services,
    networks: unique(services.flatMap(({ networks }) => networks.map(({ name }) => name))),
    volumes: unique(sources.flatMap((source) => (source.kind === 'volume' ? [source.name] : []))),
    folders: unique(sources.flatMap((source) => (source.kind === 'folder' ? [source.folder] : []))),
  };
}

function toService(name: string, read: ReadService, limits: ServiceLimits): ComposeService {
  return {
    name,
    image: read.image ?? '',
    ...programOf(read),
    ...surroundingsOf(read),
    healthcheck: read.healthcheck ?? null,
    limits,
    ulimits: read.ulimits ?? {},
    sharedMemoryBytes: read.shm_size ?? composeLimits.sharedMemoryBytes,
    labels: Object.fromEntries(read.labels ?? []),
  };
}

function surroundingsOf(read: ReadService) {
  return {
    mounts: [...(read.volumes ?? []), ...(read.tmpfs ?? [])],
    networks: read.networks?.length ? read.networks : [{ name: defaultNetwork, aliases: [] }],
    endpoints: endpointsOf(read),
    dependsOn: read.depends_on ?? [],
  };
}

function programOf(read: ReadService) {
  return {
    command: read.command ?? null,
    entrypoint: read.entrypoint ?? null,
    environment: Object.fromEntries(read.environment ?? []),
    workingDirectory: read.working_dir ?? null,
    user: read.user ?? null,
    hostname: read.hostname ?? null,
    stopGraceSeconds: read.stop_grace_period ?? composeLimits.stopGraceSeconds,
    stopSignal: read.stop_signal ?? null,
  };
}

/** What is said in two places counts as the lower of the two. */
function askedLimits({ cpus, mem_limit: memory, pids_limit: pids, deploy }: ReadService) {
  const limits = deploy?.resources?.limits;
  return {
    cpuMillis: lower(cpus, limits?.cpus),
    memoryBytes: lower(memory, limits?.memory),
    processes: lower(pids, limits?.pids),
  };
}

function lower(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** The same port of the same protocol is one endpoint, however often it is named. */
function endpointsOf({ ports = [], expose = [] }: ReadService): readonly Endpoint[] {
  const byPort = new Map<string, Endpoint>();
  for (const endpoint of [...ports, ...expose]) {
    const key = `${endpoint.port}/${endpoint.protocol}`;
    if (!byPort.has(key)) byPort.set(key, endpoint);
  }
  return [...byPort.values()];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
