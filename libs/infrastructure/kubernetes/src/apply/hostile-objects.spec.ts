import { readManifests } from '@nalabo/policy';
import { describe, expect, it } from 'vitest';
import { hostileObjects } from './hostile-objects.cases.js';

const context = {
  isolation: 'namespace',
  namespace: 'nalabo-session-example',
  images: ['rig/busybox:1'],
  hostSuffix: null,
} as const;

/** How much a session has is for its quota to say. */
const judged = hostileObjects.filter(([, , why]) => why.source !== 'exceeded quota');

describe('the policy of manifests, asked before a cluster is,', () => {
  it.each(judged)('refuses an object that is or wants %s', (_, file) => {
    const { objects, violations } = readManifests(file, context);
    expect(objects).toEqual([]);
    expect(violations).not.toEqual([]);
  });
});
