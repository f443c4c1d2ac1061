import { describe, expect, it } from 'vitest';
import type { ManifestContext } from './manifest-context.js';
import { manifestPolicy } from './manifest-policy.js';
import { readManifests } from './read-manifests.js';

const namespace: ManifestContext = {
  isolation: 'namespace',
  namespace: 'nalabo-session-example',
  images: ['nginx:alpine'],
  hostSuffix: 'labs.example.org',
};
const virtual: ManifestContext = { isolation: 'virtual' };
const { tables } = manifestPolicy.namespace;
const [{ rules: namespaceRules }] = manifestPolicy.namespace.groups;
const [{ rules: virtualRules }] = manifestPolicy.virtual.groups;

const brokenIn = (text: string, context: ManifestContext) => {
  const rules = readManifests(text, context).violations.map(({ rule }) => rule);
  return [...new Set(rules)];
};

const rows = tables.flatMap((table) =>
  Object.entries(table.rules).flatMap(([key, rule]) =>
    rule.verdict === 'ignored' ? [] : [{ id: `${table.id}.${key}`, wrap: table.wrap, ...rule.examples }],
  ),
);

describe('a rule of a session in a namespace', () => {
  it.each(rows)('$id takes what it shows and refuses what it shows', ({ id, wrap, accepted, refused }) => {
    expect(readManifests(wrap(accepted), namespace).violations).toEqual([]);
    expect(brokenIn(wrap(refused), namespace)).toEqual([id]);
  });

  it.each(tables)('$id refuses every key that it does not know, and says where', ({ id, wrap }) => {
    const { violations } = readManifests(wrap('unheardOf: 1'), namespace);
    expect(violations.map(({ rule, path }) => [rule, path.split('.').at(-1)])).toEqual([
      [`${id}.unknown-key`, 'unheardOf'],
    ]);
  });

  it.each(namespaceRules)('$id takes what it shows and refuses what it shows', (rule) => {
    expect(readManifests(rule.examples.accepted, namespace).violations).toEqual([]);
    expect(brokenIn(rule.examples.refused, namespace)).toEqual([rule.id]);
  });
});

describe('a rule of a virtual cluster', () => {
  it.each(virtualRules)('$id takes what it shows and refuses what it shows', ({ id, examples }) => {
    expect(readManifests(examples.accepted, virtual).violations).toEqual([]);
    expect(brokenIn(examples.refused, virtual)).toEqual([id]);
  });
});

it('no two rules have one id', () => {
  const ids = [...rows, ...namespaceRules, ...virtualRules].map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
