import type { AppliedModel, ComposeService } from '@nalabo/infrastructure-port';
import { ownNetwork, serviceDigest, sessionObjectName } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { isSystemPath } from '@nalabo/policy';
import type { CreateBody } from '../engine/engine-objects.js';
import type { ImageRights } from './image-catalogue.js';
import { digestLabel, endpointsLabel, folderVolumeName, serviceLabel, volumeName } from './service-labels.js';
import { coverOfFolders, serviceProfile, writableTmpfs } from './service-profile.js';
import type { ServiceSession } from './service-session.js';

export interface ServiceSurroundings {
  readonly session: ServiceSession;
  readonly folders: AppliedModel['folders'];
  /** What the engine is asked to run: never a tag, which could stand for something else by now. */
  readonly image: string;
  readonly rights: ImageRights;
  /** The paths for which the image wants volumes: nobody would know whose they are. */
  readonly imageVolumes: readonly string[];
  /** The ids of the session's networks, by their names in the file. */
  readonly networks: ReadonlyMap<string, string>;
  /** The named volumes that were made for this very container: they begin with what the image has in their place. */
  readonly freshVolumes: ReadonlySet<string>;
}

const nanosecondsPerSecond = 1_000_000_000;

/**
 * The create request of a service.
 * @throws AppError `unprocessable` for a model that was stored before its working directory was refused: the engine goes there
 * while files of the host are still open, which such a place shows.
 */
export function serviceOptions(service: ComposeService, surroundings: ServiceSurroundings): CreateBody {
  if (isSystemPath(service.workingDirectory ?? '')) {
    const publicMessage = 'Its working directory is in /proc, /sys or /dev.';
    throw new AppError('unprocessable', publicMessage, { publicMessage });
  }
  const [first] = service.networks;
  const network = networkIdOf(first?.name ?? ownNetwork, surroundings);
  return {
    ...serviceProfile.container,
    ...programOf(service),
    Image: surroundings.image,
    Env: Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    Healthcheck: healthcheckOf(service),
    StopTimeout: Math.ceil(service.stopGraceSeconds),
    Labels: labelsOf(service, surroundings),
    HostConfig: hostOf(service, network, surroundings),
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [service.name, ...(first?.aliases ?? [])] } } },
  };
}

/** @throws AppError `internal` for a network that was not made. */
export function networkIdOf(name: string, { networks }: Pick<ServiceSurroundings, 'networks'>): string {
  const id = networks.get(name);
  if (id === undefined) throw new AppError('internal', `network ${name} was not made`);
  return id;
}

/** What is left out is the image's own. */
function programOf({ command, entrypoint, workingDirectory, user, hostname, stopSignal }: ComposeService): CreateBody {
  const known = {
    Cmd: command,
    Entrypoint: entrypoint,
    WorkingDir: workingDirectory,
    User: user && (user.gid === null ? String(user.uid) : `${user.uid}:${user.gid}`),
    Hostname: hostname,
    StopSignal: stopSignal,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
}

function labelsOf(
  service: ComposeService,
  { session, folders }: ServiceSurroundings,
): Readonly<Record<string, string>> {
  return {
    ...service.labels,
    ...session.labels,
    [serviceLabel]: service.name,
    [digestLabel]: serviceDigest(service, folders),
    [endpointsLabel]: service.endpoints.map(({ port, protocol }) => `${port}/${protocol}`).join(','),
  };
}

function hostOf(service: ComposeService, network: string, surroundings: ServiceSurroundings): CreateBody {
  const { cpuMillis, memoryBytes, processes } = service.limits;
  const lowered = new Map(Object.entries(service.ulimits));
  return {
    ...serviceProfile.host,
    CapAdd: [...surroundings.rights.capabilities],
    NanoCpus: cpuMillis * 1_000_000,
    Memory: memoryBytes,
    // Equal to Memory: no swap.
    MemorySwap: memoryBytes,
    PidsLimit: processes,
    Ulimits: serviceProfile.host.Ulimits.map((limit) => {
      const { soft, hard } = lowered.get(limit.Name) ?? { soft: limit.Soft, hard: limit.Hard };
      return { Name: limit.Name, Soft: Math.min(soft, limit.Hard), Hard: Math.min(hard, limit.Hard) };
    }),
    ShmSize: Math.min(service.sharedMemoryBytes, serviceProfile.host.ShmSize),
    NetworkMode: network,
    Mounts: volumeMountsOf(service, surroundings),
    Tmpfs: tmpfsOf(service, surroundings),
  };
}

function healthcheckOf({ healthcheck }: ComposeService): CreateBody {
  // A check of the image's own would run on a timer that nobody has asked for.
  if (!healthcheck) return { Test: ['NONE'] };
  const { test, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = healthcheck;
  return {
    Test: typeof test === 'string' ? ['CMD-SHELL', test] : ['CMD', ...test],
    Interval: Math.round(intervalSeconds * nanosecondsPerSecond),
    Timeout: Math.round(timeoutSeconds * nanosecondsPerSecond),
    Retries: retries,
    StartPeriod: Math.round(startPeriodSeconds * nanosecondsPerSecond),
  };
}

/**
 * Named volumes only. The engine fills an empty volume as root from the image, and follows what another container puts in its
 * way meanwhile: it may do so only in a volume that nobody else has seen yet.
 */
function volumeMountsOf(service: ComposeService, surroundings: ServiceSurroundings): readonly CreateBody[] {
  const { session, folders, freshVolumes } = surroundings;
  const sourceOf = ({ source }: ComposeService['mounts'][number]): string | undefined => {
    if (source.kind === 'workspace') return sessionObjectName(session.sessionId, 'workspace');
    if (source.kind === 'folder') return folderVolumeName(session.sessionId, indexOf(source.folder, folders));
    return source.kind === 'volume' ? volumeName(session.sessionId, source.name) : undefined;
  };
  return service.mounts.flatMap((mount) => {
    const { source, target, readOnly } = mount;
    const volume = sourceOf(mount);
    if (volume === undefined) return [];
    const isFresh = source.kind === 'volume' && freshVolumes.has(source.name);
    const options = { NoCopy: !isFresh, Labels: session.labels };
    const whole = { Type: 'volume', Source: volume, Target: target, ReadOnly: readOnly, VolumeOptions: options };
    if (source.kind !== 'workspace') return [whole];
    // To these the links lead that stand in the workspace for folders.
    const places = Object.values(folders).toSorted((one, other) => one - other);
    const inside = places.map((index) => ({
      ...whole,
      Source: folderVolumeName(session.sessionId, index),
      Target: `${target}/.folders/${index}`,
    }));
    return [whole, ...inside];
  });
}

function tmpfsOf({ mounts }: ComposeService, { rights, imageVolumes }: ServiceSurroundings): CreateBody {
  // What is mounted brings the places in it along.
  const isMounted = (path: string): boolean => mounts.some(({ target }) => `${path}/`.startsWith(`${target}/`));
  const always = Object.entries<string>(serviceProfile.host.Tmpfs);
  const writable = [...rights.writablePaths, ...imageVolumes].map((path) => [path, writableTmpfs] as const);
  const asked = mounts.flatMap(({ source, target, readOnly }) =>
    source.kind === 'tmpfs'
      ? [[target, `${readOnly ? 'ro' : 'rw'},nosuid,nodev,noexec,size=${source.sizeBytes},mode=1777`] as const]
      : [],
  );
  const covers = mounts.flatMap(({ source, target }) =>
    source.kind === 'workspace' ? [[`${target}/.folders`, coverOfFolders] as const] : [],
  );
  return Object.fromEntries([...[...always, ...writable].filter(([path]) => !isMounted(path)), ...asked, ...covers]);
}

function indexOf(folder: string, folders: AppliedModel['folders']): number {
  const index = Object.hasOwn(folders, folder) ? folders[folder] : undefined;
  if (index === undefined) throw new AppError('internal', `folder ${folder} has no volume`);
  return index;
}
