import type { ComposeModel, ComposeService } from '@nalabo/policy';
import type { AppliedModel } from '../apply.js';

const mebibyte = 2 ** 20;

/** A service as a short file asks for it. */
export function aService(name: string, overrides: Partial<ComposeService> = {}): ComposeService {
  return {
    name,
    image: 'nginx:alpine',
    command: null,
    entrypoint: null,
    environment: {},
    workingDirectory: null,
    user: null,
    hostname: null,
    mounts: [],
    networks: [{ name: 'default', aliases: [] }],
    endpoints: [],
    dependsOn: [],
    healthcheck: null,
    limits: { cpuMillis: 100, memoryBytes: 48 * mebibyte, processes: 32 },
    ulimits: {},
    sharedMemoryBytes: 32 * mebibyte,
    stopGraceSeconds: 1,
    stopSignal: null,
    labels: {},
    ...overrides,
  };
}

/** The model of a file with these services: what they mount and are in is declared. */
export function aComposeModel(...services: readonly ComposeService[]): ComposeModel {
  const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
  const sources = services.flatMap(({ mounts }) => mounts.map(({ source }) => source));
  return {
    services,
    networks: unique(services.flatMap(({ networks }) => networks.map(({ name }) => name))),
    volumes: unique(sources.flatMap((source) => (source.kind === 'volume' ? [source.name] : []))),
    folders: unique(sources.flatMap((source) => (source.kind === 'folder' ? [source.folder] : []))),
  };
}

export function anAppliedModel(folders: AppliedModel['folders'], ...services: readonly ComposeService[]): AppliedModel {
  return { type: 'compose', compose: aComposeModel(...services), folders };
}
