import { describe, expect, it } from 'vitest';
import { judgeObjects } from './judge-objects.js';
import type { ManifestContext } from './manifest-context.js';
import { manifestPolicy } from './manifest-policy.js';
import { readManifests } from './read-manifests.js';

const namespace = {
  isolation: 'namespace',
  namespace: 'nalabo-session-example',
  images: ['nginx:alpine'],
  hostSuffix: 'labs.example.org',
} as const satisfies ManifestContext;
const virtual = { isolation: 'virtual' } as const;

const { tables, groups } = manifestPolicy.namespace;
const inNamespace = [
  ...tables.flatMap((table) =>
    Object.entries(table.rules).flatMap(([key, rule]) =>
      rule.verdict === 'ignored' ? [] : [[`${table.id}.${key}`, table.wrap(rule.examples.accepted)] as const],
    ),
  ),
  ...groups.flatMap(({ rules }) => rules.map(({ id, examples }) => [id, examples.accepted] as const)),
];
const inCluster = manifestPolicy.virtual.groups.flatMap(({ rules }) =>
  rules.map(({ id, examples }) => [id, examples.accepted] as const),
);

describe('objects that are judged once more', () => {
  it.each(inNamespace)('are the same in a namespace where nothing has changed: %s', (_, text) => {
    const { objects } = readManifests(text, namespace);
    expect(judgeObjects(objects, namespace)).toEqual({ objects, violations: [] });
  });

  it.each(inCluster)('are the same in a virtual cluster: %s', (_, text) => {
    const { objects } = readManifests(text, virtual);
    expect(judgeObjects(objects, virtual)).toEqual({ objects, violations: [] });
  });

  it('are refused when an image was taken off the list', () => {
    const pod =
      '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: web, image: "nginx:alpine" }] } }';
    const { objects } = readManifests(pod, namespace);
    expect(judgeObjects(objects, { ...namespace, images: [] })).toMatchObject({
      objects: [],
      violations: [{ rule: 'manifests.image', path: 'Pod.web.spec.containers[0].image', line: null }],
    });
  });
});
