import { yamlLimits, type YamlLimits } from '../yaml/yaml-limits.js';

const mebibyte = 2 ** 20;

/** What reading a Compose file may cost. */
export const composeYamlLimits: YamlLimits = {
  ...yamlLimits,
  bytes: 256 * 1024,
  depth: 32,
  tokens: 25_000,
  nodes: 5_000,
};

/** What a Compose file may ask for. */
export const composeLimits = {
  services: 10,
  networks: 3,
  volumes: 5,
  /** As many folder volumes as a session has. */
  folders: 5,
  mountsPerService: 10,
  entries: 64,
  entryCharacters: 4096,
  commandItems: 256,
  commandCharacters: 32_768,
  ports: 20,
  /** The least that a service runs with. */
  least: { cpuMillis: 10, memoryBytes: 16 * mebibyte, processes: 8 },
  tmpfsBytes: { default: 64 * mebibyte, most: 256 * mebibyte },
  sharedMemoryBytes: 32 * mebibyte,
  openFiles: 2048,
  fileBytes: 512 * mebibyte,
  healthcheck: { intervalSeconds: 30, timeoutSeconds: 10, retries: 3, startPeriodSeconds: 0 },
  stopGraceSeconds: 10,
} as const;
