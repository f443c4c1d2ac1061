import { workshopContentSchema } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { bringsAnything, initialModel, manifestsOf, servicesAtFirst } from './brought-model.js';

const id = 'abcdefghijklmnopqrstuvwxyz';
const limits = { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 2 ** 30 };
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { colour: red }\n';
const workshop = (overrides: object = {}) =>
  workshopContentSchema.parse({
    id: 'shop',
    title: 'A shop',
    infrastructure: ['docker', 'kubernetes'],
    images: ['nginx:alpine'],
    compose: { text: 'services: { web: { image: "nginx:alpine", volumes: ["./b:/b", "./a:/a"] } }' },
    manifests: { text: configMap },
    files: { 'a/index.html': 'hello' },
    ...overrides,
  });
const request = { workshopId: 'shop' };
const servicesOn = (kind: 'docker' | 'kubernetes', content = workshop()) =>
  servicesAtFirst(content, { kind, limits, request });

describe('what a workshop with both brings', () => {
  it('are services and files where there is no cluster, each folder in a volume of its own', () => {
    const applied = servicesOn('docker');
    expect(applied).toMatchObject({ compose: { services: [{ name: 'web' }] }, folders: { b: 0, a: 1 } });
    expect(initialModel({ id, targetKind: 'docker', applied }, workshop())).toEqual({
      type: 'compose',
      compose: applied?.compose,
      files: new Map([['a/index.html', 'hello']]),
    });
    expect(manifestsOf({ id, targetKind: 'docker', applied }, workshop())).toBeNull();
  });

  it('are manifests on a cluster', () => {
    expect(servicesOn('kubernetes')).toBeNull();
    expect(initialModel({ id, targetKind: 'kubernetes', applied: null }, workshop())).toMatchObject({
      type: 'yaml',
      objects: [{ kind: 'ConfigMap', name: 'settings', content: { data: { colour: 'red' } } }],
    });
  });
});

describe('what a workshop brings', () => {
  it.each([
    ['docker', { compose: null, files: {} }],
    ['kubernetes', { manifests: null }],
  ] as const)('is nothing on %s when it has nothing for it', (targetKind, overrides) => {
    const content = workshop(overrides);
    expect(bringsAnything(content, targetKind)).toBe(false);
    expect(servicesOn(targetKind, content)).toBeNull();
    expect(initialModel({ id, targetKind, applied: null }, content)).toBeNull();
  });

  it('are files alone', () => {
    const content = workshop({ compose: null });
    expect(servicesOn('docker', content)).toBeNull();
    expect(initialModel({ id, targetKind: 'docker', applied: null }, content)).toMatchObject({
      compose: { services: [] },
      files: new Map([['a/index.html', 'hello']]),
    });
  });

  it('names the workshop, and no field of the request, when its rules have changed since it was stored', () => {
    const broken = workshop({ images: [] });
    expect(() => servicesOn('docker', broken)).toThrow(
      expect.objectContaining({
        kind: 'unprocessable',
        details: { code: 'policy_violation', violations: [expect.objectContaining({ field: 'workshopId' })] },
      }),
    );
    const manifests = {
      text: configMap.replace('name: settings', 'name: settings, labels: { nalabo.io/session: other }'),
    };
    expect(() => manifestsOf({ id, targetKind: 'kubernetes', applied: null }, workshop({ manifests }))).toThrow(
      'The manifests of the workshop break rules: line ',
    );
  });
});
