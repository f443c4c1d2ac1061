import type { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { readHeld } from './read-held.js';
import { readModel, type Reading } from './read-model.js';

const limits = { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 2 ** 30 };
const builds = { available: true, reason: null };
const onDocker: Reading = { takes: 'compose', images: ['nginx:alpine'], limits, builds };
const inNamespace: Reading = {
  ...onDocker,
  takes: { isolation: 'namespace', namespace: 'nalabo-session-a', hostSuffix: null },
};

const compose = 'services: { web: { image: "nginx:alpine", mem_limit: 512m } }\n';
const pod =
  '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: web, image: "nginx:alpine" }] } }';

/** What a session holds in which a file was applied. */
function heldOf(type: 'compose' | 'dockerfile' | 'yaml', configuration: string, reading: Reading) {
  const { model } = readModel({ type, configuration, files: {} }, reading);
  if (model.type === 'yaml') return { type, model, files: {} };
  const { compose: services, build } = model;
  return { type, model: { type: 'compose' as const, compose: services, folders: {}, build }, files: { a: 'b' } };
}

function brokenBy(work: () => unknown): readonly (string | undefined)[] {
  try {
    work();
  } catch (error) {
    const { kind, details, publicMessage } = error as AppError;
    expect({ kind, code: details.code }).toEqual({ kind: 'unprocessable', code: 'policy_violation' });
    expect(publicMessage).toBe('What the session held before breaks rules. Nothing was applied.');
    return details.violations?.map(({ rule }) => rule) ?? [];
  }
  throw new Error('nothing was refused');
}

const rows = [
  ['services', heldOf('compose', compose, onDocker), onDocker, 'compose.image-allowed'],
  ['an image that was built', heldOf('dockerfile', 'FROM nginx:alpine\n', onDocker), onDocker, 'dockerfile.from.image'],
  ['objects', heldOf('yaml', pod, inNamespace), inNamespace, 'manifests.image'],
] as const;

describe('what a session has held', () => {
  it.each(rows)('is the same where nothing has changed: %s', (_, held, reading) => {
    const { model, notes } = readHeld(held, reading);
    expect(notes).toEqual([]);
    if (model.type === 'yaml') expect(model).toEqual(held.model);
    else {
      expect(held.model).toMatchObject({ compose: model.compose, build: model.build });
      expect([...model.files]).toEqual([['a', 'b']]);
    }
  });

  it.each(rows)('is refused when the workshop has the image no longer: %s', (_, held, reading, rule) => {
    expect(brokenBy(() => readHeld(held, { ...reading, images: [] }))).toEqual([rule]);
  });

  it('is refused when the session has less', () => {
    const less = { ...onDocker, limits: { ...limits, memoryBytes: 2 ** 29 } };
    expect(brokenBy(() => readHeld(heldOf('compose', compose, onDocker), less))).toEqual(['compose.sum-of-limits']);
  });

  it('may be nothing', () => {
    expect(readHeld({ type: 'yaml', model: null, files: {} }, inNamespace).model).toEqual({
      type: 'yaml',
      objects: [],
    });
    expect(readHeld({ type: 'compose', model: null, files: {} }, onDocker).model).toMatchObject({
      compose: { services: [] },
    });
  });
});
