import { readFileSync } from 'node:fs';
import { folderVolumeCount } from '@nalabo/infrastructure-port';
import { expect } from 'vitest';
import type { CreateBody } from '../engine/engine-objects.js';
import { grantableCapabilities, type ImageRights } from './image-catalogue.js';

/** What requests for one session may speak of. */
export interface GoldenSurroundings {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkIds: readonly string[];
  readonly image: string;
  readonly rights: ImageRights;
  /** The largest that a single service may have. */
  readonly most: { readonly cpuMillis: number; readonly memoryBytes: number; readonly processes: number };
}

interface Mount {
  readonly Type: string;
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
  readonly VolumeOptions: object;
}
interface Request {
  readonly Image: string;
  readonly User?: string;
  readonly Hostname?: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly NetworkingConfig: { readonly EndpointsConfig: Readonly<Record<string, object>> };
  readonly HostConfig: { readonly [field: string]: unknown } & {
    readonly CapAdd: readonly string[];
    readonly NanoCpus: number;
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly PidsLimit: number;
    readonly ShmSize: number;
    readonly Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
    readonly NetworkMode: string;
    readonly Mounts: readonly Mount[];
    readonly Tmpfs: Readonly<Record<string, string>>;
  };
}

const reviewed = (name: string): Request =>
  JSON.parse(readFileSync(`${import.meta.dirname}/create-requests/${name}.json`, 'utf8')) as Request;
const smallest = reviewed('smallest-service');
const largest = reviewed('largest-service');

/** Everything that a service may say of its container. */
const fields = Object.keys(largest).toSorted();

/** What differs between services. All the rest of the host's part is the reviewed one, word for word. */
const varying = [
  'CapAdd',
  'NanoCpus',
  'Memory',
  'MemorySwap',
  'PidsLimit',
  'ShmSize',
  'Ulimits',
  'NetworkMode',
  'Mounts',
  'Tmpfs',
] as const;

const ours = /^(io\.nalabo|nalabo\.io|com\.docker|io\.docker)/i;
const ownLabels = ['io.nalabo.service', 'io.nalabo.model-digest', 'io.nalabo.endpoints'];

/** Fails unless the engine is asked for nothing but what the reviewed requests have. */
export function expectGolden(body: CreateBody, surroundings: GoldenSurroundings): void {
  const request = body as unknown as Request;
  expect(fields).toEqual(expect.arrayContaining(Object.keys(request)));
  expect(request.Image).toBe(surroundings.image);
  expect(request.User ?? '').not.toMatch(/^0+(:|$)|:0+$/);
  expect(fixedPart(request)).toEqual(fixedPart(smallest));
  expectLabels(request, surroundings);
  expectShares(request, surroundings);
  expectNetwork(request, surroundings);
  for (const mount of request.HostConfig.Mounts) expectVolume(mount, surroundings);
  for (const [path, options] of Object.entries(request.HostConfig.Tmpfs)) {
    if (path.endsWith('/.folders')) expect(options).toBe(largest.HostConfig.Tmpfs['/workspace/.folders']);
    else expect(options).toMatch(/^(rw|ro),nosuid,nodev,noexec,size=\d+m?,(uid=0,gid=0,)?mode=1777$/);
  }
  for (const { Source, Target } of request.HostConfig.Mounts) {
    if (Source.endsWith('-workspace')) expect(request.HostConfig.Tmpfs).toHaveProperty([`${Target}/.folders`]);
  }
}

function fixedPart({ HostConfig }: Request): object {
  const names: readonly string[] = varying;
  return Object.fromEntries(Object.entries(HostConfig).filter(([name]) => !names.includes(name)));
}

function expectLabels({ Labels }: Request, { labels }: GoldenSurroundings): void {
  const platform = Object.fromEntries(Object.entries(Labels).filter(([name]) => ours.test(name)));
  const own = Object.fromEntries(ownLabels.map((name) => [name, expect.any(String)]));
  expect(platform).toEqual({ ...labels, ...own });
}

function expectShares({ HostConfig }: Request, { rights, most }: GoldenSurroundings): void {
  const { CapAdd, NanoCpus, Memory, MemorySwap, PidsLimit, ShmSize, Ulimits } = HostConfig;
  expect(grantableCapabilities).toEqual(expect.arrayContaining([...CapAdd]));
  expect(rights.capabilities).toEqual(expect.arrayContaining([...CapAdd]));
  for (const [share, largest] of [
    [NanoCpus, most.cpuMillis * 1_000_000],
    [Memory, most.memoryBytes],
    [PidsLimit, most.processes],
    [ShmSize, smallest.HostConfig.ShmSize],
  ] as const) {
    // Zero and below mean no limit to the engine.
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(largest);
  }
  expect(MemorySwap).toBe(Memory);
  const golden = smallest.HostConfig.Ulimits;
  expect(Ulimits.map(({ Name }) => Name)).toEqual(golden.map(({ Name }) => Name));
  for (const [index, { Soft, Hard }] of Ulimits.entries()) {
    expect(Math.min(Soft, Hard)).toBeGreaterThanOrEqual(0);
    expect(Math.max(Soft, Hard)).toBeLessThanOrEqual(golden[index]?.Hard ?? -1);
  }
}

function expectNetwork({ HostConfig, NetworkingConfig }: Request, { networkIds }: GoldenSurroundings): void {
  expect(networkIds).toContain(HostConfig.NetworkMode);
  expect(Object.keys(NetworkingConfig)).toEqual(['EndpointsConfig']);
  expect(Object.keys(NetworkingConfig.EndpointsConfig)).toEqual([HostConfig.NetworkMode]);
  for (const endpoint of Object.values(NetworkingConfig.EndpointsConfig)) {
    expect(Object.keys(endpoint)).toEqual(['Aliases']);
  }
}

function expectVolume(mount: Mount, { name, labels }: GoldenSurroundings): void {
  expect(Object.keys(mount)).toEqual(['Type', 'Source', 'Target', 'ReadOnly', 'VolumeOptions']);
  expect(mount.Type).toBe('volume');
  expect(mount.Source.startsWith(`${name}-`)).toBe(true);
  expect(mount.Source.slice(name.length + 1)).toMatch(
    new RegExp(`^(workspace|f[0-${folderVolumeCount - 1}]|v-[a-z0-9][a-z0-9_-]*)$`),
  );
  expect(mount.Target).not.toMatch(/^\/(proc|sys|dev)(\/|$)|\/\.\.?(\/|$)|^\/?$/);
  expect(mount.VolumeOptions).toEqual({ NoCopy: expect.any(Boolean), Labels: labels });
}
