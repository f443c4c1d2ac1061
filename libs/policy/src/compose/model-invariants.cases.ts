import { expect } from 'vitest';
import { exampleContext } from './example-context.cases.js';
import { composeLimits } from './compose-limits.js';
import type { ComposeModel, ComposeService, Mount } from './compose-model.js';
import { startOrder } from './start-order.js';

const serviceKeys = [
  'name',
  'image',
  'command',
  'entrypoint',
  'environment',
  'workingDirectory',
  'user',
  'hostname',
  'mounts',
  'networks',
  'endpoints',
  'dependsOn',
  'healthcheck',
  'limits',
  'ulimits',
  'sharedMemoryBytes',
  'stopGraceSeconds',
  'stopSignal',
  'labels',
].sort();
const name = /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/;
const reserved = /^(nalabo\.|io\.nalabo\.|com\.docker\.|io\.docker\.|org\.dockerproject\.)/i;

/** What is true for every model, whatever the file was. */
export function expectSafeModel(model: ComposeModel): void {
  const { resources } = exampleContext;
  expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  expect(Object.keys(model).sort()).toEqual(['folders', 'networks', 'services', 'volumes']);
  expect(model.services.length).toBeLessThanOrEqual(composeLimits.services);
  expect(model.folders.length).toBeLessThanOrEqual(composeLimits.folders);
  expect(startOrder(model.services)).toHaveLength(model.services.length);
  for (const limit of ['cpuMillis', 'memoryBytes', 'processes'] as const) {
    expect(model.services.reduce((sum, { limits }) => sum + limits[limit], 0)).toBeLessThanOrEqual(resources[limit]);
  }
  for (const service of model.services) expectSafeService(service, model);
}

function expectSafeService(service: ComposeService, model: ComposeModel): void {
  expect(Object.keys(service).sort()).toEqual(serviceKeys);
  expect(exampleContext.images).toContain(service.image);
  expect(service.name).toMatch(name);
  expect(service.user?.uid).not.toBe(0);
  expect(service.user?.gid).not.toBe(0);
  expect(service.workingDirectory ?? '').not.toMatch(/^\/(proc|sys|dev)(\/|$)/);
  expect(service.stopGraceSeconds).toBeLessThanOrEqual(10);
  expect(service.sharedMemoryBytes).toBeLessThanOrEqual(composeLimits.sharedMemoryBytes);
  expect(Object.keys(service.labels).filter((label) => reserved.test(label))).toEqual([]);
  expect(Object.keys(service.environment).every((key) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key))).toBe(true);
  expect(Object.values(service.ulimits).every(({ soft, hard }) => soft <= hard && soft >= 0)).toBe(true);
  for (const one of service.networks) expect(model.networks).toContain(one.name);
  for (const mount of service.mounts) expectSafeMount(mount, model);
  const outer = service.mounts.filter(({ source }) => source.kind !== 'tmpfs').map(({ target }) => `${target}/`);
  expect(service.mounts.filter(({ target }) => outer.some((place) => target.startsWith(place)))).toEqual([]);
}

function expectSafeMount({ source, target }: Mount, model: ComposeModel): void {
  expect(target).toMatch(/^(\/(?!\.{1,2}(\/|$))[^/:]+)+$/);
  expect(target).not.toMatch(/^\/(proc|sys|dev)(\/|$)/);
  expect(target).not.toMatch(
    /^\/etc(?=\/|$)(?!\/(apache2|caddy|grafana|haproxy|httpd|mysql|nginx|php|postgresql|prometheus|rabbitmq|redis|traefik)(\/|$))/,
  );
  if (source.kind === 'folder') {
    expect(source.folder).toMatch(/^\w[\w.-]*(\/\w[\w.-]*)*$/);
    expect(model.folders).toContain(source.folder);
  }
  if (source.kind === 'volume') expect(source.name).toMatch(name);
  if (source.kind === 'tmpfs') expect(source.sizeBytes).toBeLessThanOrEqual(composeLimits.tmpfsBytes.most);
}
