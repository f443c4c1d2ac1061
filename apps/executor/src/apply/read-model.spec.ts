import type { ConfigurationType } from '@nalabo/contracts';
import type { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { readModel } from './read-model.js';

const limits = { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 2 ** 30 };
const reading = { takes: 'compose', images: ['nginx:alpine'], limits } as const;
const onCluster = { ...reading, takes: { isolation: 'virtual' } } as const;
const inNamespace = {
  ...reading,
  takes: { isolation: 'namespace', namespace: 'nalabo-session-a', hostSuffix: null },
} as const;

const compose = 'services: { web: { image: "nginx:alpine", volumes: ["./html:/usr/share/nginx/html"] } }\n';
const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: greeting }\n';
const send = (type: ConfigurationType, configuration: string, files: Record<string, string> = {}) => ({
  type,
  configuration,
  files,
});

function refusalOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    return error as AppError;
  }
  throw new Error('nothing was refused');
}

describe('a file that is read', () => {
  it('is the services of a Compose file with its files, and with notes of what was left out', () => {
    const files = { 'html/index.html': '<p>hello</p>' };
    const { model, notes } = readModel(send('compose', `version: '3.8'\n${compose}`, files), reading);
    expect(model).toMatchObject({ type: 'compose', compose: { services: [{ name: 'web' }], folders: ['html'] } });
    expect(model.type === 'compose' && [...model.files]).toEqual(Object.entries(files));
    expect(notes).toMatchObject([{ path: 'version', line: 1 }]);
  });

  it('is the objects of manifests', () => {
    const { model } = readModel(send('yaml', manifest), onCluster);
    expect(model).toMatchObject({ type: 'yaml', objects: [{ kind: 'ConfigMap', name: 'greeting' }] });
  });

  it('is hardened and of the workshop where objects come into a namespace', () => {
    const pod = (image: string): string =>
      `{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: web, image: "${image}" }] } }`;
    const { model } = readModel(send('yaml', pod('nginx:alpine')), inNamespace);
    expect(model).toMatchObject({
      objects: [
        { content: { spec: { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } } } },
      ],
    });
    const { details } = refusalOf(() => readModel(send('yaml', pod('busybox')), inNamespace));
    expect(details.violations).toMatchObject([{ rule: 'manifests.image' }]);
    expect(readModel(send('yaml', pod('busybox')), onCluster).model).toMatchObject({ objects: [{ name: 'web' }] });
  });

  it('shares the resources of the session with the workbench', () => {
    const greedy = compose.replace('image:', 'mem_limit: 2g, image:');
    const { details } = refusalOf(() => readModel(send('compose', greedy), reading));
    expect(details.violations).toMatchObject([{ rule: 'compose.sum-of-limits', line: 1 }]);
  });
});

describe('a Dockerfile', () => {
  const text = 'FROM nginx:alpine\nCOPY index.html /usr/share/nginx/html/\nEXPOSE 80\n';
  const sent = send('dockerfile', text, { 'index.html': 'Hello' });

  it('becomes one service, of an image that is built from it', () => {
    const builds = { available: true, reason: null };
    const { model } = readModel(sent, { ...reading, builds });
    expect(model).toMatchObject({
      type: 'compose',
      compose: { services: [{ name: 'app', endpoints: [{ port: 80 }] }] },
      files: new Map(),
      build: { dockerfile: { stages: [{ base: { image: 'nginx:alpine' } }] }, files: { 'index.html': 'Hello' } },
    });
  });

  it('is refused where nothing is built, with the reason', () => {
    const builds = { available: false, reason: 'it is switched off' };
    const { details, publicMessage } = refusalOf(() => readModel(sent, { ...reading, builds }));
    expect(details.code).toBe('feature_unavailable');
    expect(publicMessage).toBe('Images are not built here: it is switched off. The session takes compose.');
  });
});

describe('a file is refused', () => {
  it.each([
    ['compose', compose.replace('nginx:alpine', 'busybox'), reading],
    ['yaml', 'kind: ConfigMap\n', onCluster],
    ['dockerfile', 'FROM scratch\n', reading],
  ] as const)('that breaks a rule of %s, with the rule, its place and a hint', (type, text, place) => {
    const { kind, details } = refusalOf(() => readModel(send(type, text), place));
    expect({ kind, code: details.code }).toEqual({ kind: 'unprocessable', code: 'policy_violation' });
    for (const violation of details.violations ?? []) {
      const told = {
        field: 'configuration',
        rule: expect.any(String),
        hint: expect.any(String),
        message: expect.any(String),
      };
      expect(violation).toMatchObject(told);
    }
    expect(details.violations).not.toEqual([]);
  });

  it.each([
    ['yaml', manifest, reading, 'takes compose'],
    ['compose', compose, onCluster, 'takes yaml'],
    ['dockerfile', 'FROM nginx:alpine\n', reading, 'takes compose'],
    ['dockerfile', 'FROM nginx:alpine\n', onCluster, 'takes yaml'],
  ] as const)('of type %s where the session takes something else, which is named', (type, text, place, named) => {
    const { kind, publicMessage, details } = refusalOf(() => readModel(send(type, text), place));
    expect({ kind, code: details.code }).toEqual({ kind: 'unprocessable', code: 'feature_unavailable' });
    expect(publicMessage).toContain(named);
  });

  it('of manifests with files beside it', () => {
    const { details } = refusalOf(() => readModel(send('yaml', manifest, { a: '' }), onCluster));
    expect(details.field).toBe('files');
  });
});
