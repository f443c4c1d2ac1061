import { describe, expect, it } from 'vitest';
import { modelBefore } from './held-before.js';

const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'one',
  namespace: null,
  content: {},
  document: 1,
  line: 1,
} as const;
const compose = { services: [], networks: ['front'], volumes: [], folders: [] };

describe('what a session held before', () => {
  it('comes back by a model of it', () => {
    const manifests = { type: 'yaml', objects: [object] } as const;
    expect(modelBefore({ type: 'yaml', model: manifests, files: {} })).toEqual(manifests);
    const applied = { type: 'compose', compose, folders: { html: 0 } } as const;
    const files = { 'html/index.html': 'old', 'html/new.html': null };
    expect(modelBefore({ type: 'compose', model: applied, files })).toEqual({
      type: 'compose',
      compose,
      files: new Map(Object.entries(files)),
    });
  });

  it('is built again where its image was', () => {
    const build = { dockerfile: { stages: [] }, files: { 'index.html': 'old' } };
    const applied = { type: 'compose', compose, folders: {}, build } as const;
    expect(modelBefore({ type: 'dockerfile', model: applied, files: {} })).toEqual({
      type: 'compose',
      compose,
      build,
      files: new Map(),
    });
  });

  it('was nothing before the first apply, which removes everything', () => {
    expect(modelBefore({ type: 'yaml', model: null, files: {} })).toEqual({ type: 'yaml', objects: [] });
    expect(modelBefore({ type: 'compose', model: null, files: { a: null } })).toEqual({
      type: 'compose',
      compose: { services: [], networks: [], volumes: [], folders: [] },
      files: new Map([['a', null]]),
    });
  });
});
