import type { ManifestObject } from '@nalabo/infrastructure-port';
import { describe, expect, it } from 'vitest';
import { kindsOf } from './api-kinds.js';
import { prepareObjects } from './prepare-objects.js';

const resource = (plural: string, kind: string, scope = 'Namespaced', verbs = ['list', 'patch', 'delete']) => ({
  resource: plural,
  scope,
  verbs,
  responseKind: { group: '', version: '', kind },
});
const kinds = kindsOf({
  items: [
    {
      metadata: {},
      versions: [
        {
          version: 'v1',
          resources: [
            resource('namespaces', 'Namespace', 'Cluster'),
            resource('configmaps', 'ConfigMap'),
            resource('bindings', 'Binding', 'Namespaced', ['create']),
          ],
        },
      ],
    },
    {
      metadata: { name: 'autoscaling' },
      versions: ['v2', 'v1'].map((version) => ({
        version,
        resources: [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler')],
      })),
    },
    {
      metadata: { name: 'apiextensions.k8s.io' },
      versions: [
        { version: 'v1', resources: [resource('customresourcedefinitions', 'CustomResourceDefinition', 'Cluster')] },
      ],
    },
  ],
});

const anObject = (fields: Partial<ManifestObject>): ManifestObject => {
  const { kind = 'ConfigMap', name = 'one', apiVersion = 'v1' } = fields;
  return {
    apiVersion,
    kind,
    name,
    namespace: null,
    content: { apiVersion, kind, metadata: { name } },
    document: 1,
    line: 1,
    ...fields,
  };
};
const prepare = (...objects: Partial<ManifestObject>[]) =>
  prepareObjects({ type: 'yaml', objects: objects.map(anObject) }, { kinds, namespace: 'default' }, 'the-session');

const marks = {
  labels: { 'nalabo.io/applied': 'the-session' },
  annotations: { 'nalabo.io/applied-kind': 'ConfigMap' },
};

describe('what an API serves', () => {
  it('is known with its place, and which of it can be removed again', () => {
    const [, configMap] = kinds;
    expect(configMap).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      plural: 'configmaps',
      isNamespaced: true,
      isPrunable: true,
    });
    expect(
      kinds.filter(({ isPrunable }) => !isPrunable).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    ).toEqual(['v1 Binding', 'autoscaling/v1 HorizontalPodAutoscaler']);
  });

  it('can be removed again in the first version that has it, which need not be the first of its group', () => {
    const found = kindsOf({
      items: [
        {
          metadata: { name: 'gateway.networking.k8s.io' },
          versions: [
            { version: 'v1', resources: [resource('httproutes', 'HTTPRoute')] },
            {
              version: 'v1alpha2',
              resources: [resource('httproutes', 'HTTPRoute'), resource('tcproutes', 'TCPRoute')],
            },
            { version: 'v1alpha1', resources: [resource('tcproutes', 'TCPRoute')] },
          ],
        },
      ],
    });
    const prunable = found.filter(({ isPrunable }) => isPrunable);
    expect(prunable.map(({ apiVersion, kind }) => [apiVersion, kind])).toEqual([
      ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
      ['gateway.networking.k8s.io/v1alpha2', 'TCPRoute'],
    ]);
  });

  it.each([[{}], [null], ['text'], [{ items: [{ versions: 'many' }] }]])('is unknown from %j', (answer) => {
    expect(() => kindsOf(answer)).toThrowError(expect.objectContaining({ kind: 'unavailable' }));
  });
});

describe('the objects of a file', () => {
  it("are put into the default namespace unless they name one, and are marked as the session's", () => {
    const { objects, violations } = prepare({ name: 'a' }, { name: 'b', namespace: 'apps' });
    expect(violations).toEqual([]);
    expect(objects.map(({ object }) => object.metadata)).toEqual([
      { name: 'a', namespace: 'default', ...marks },
      { name: 'b', namespace: 'apps', ...marks },
    ]);
  });

  it('have no namespace where the kind has none', () => {
    const [namespace] = prepare({ kind: 'Namespace', name: 'apps' }).objects;
    expect(namespace?.object.metadata).not.toHaveProperty('namespace');
  });

  it.each(['default', 'kube-system', 'kube-public', 'kube-node-lease'])(
    'are not marked when they are the namespace %s, which is not theirs to make or to remove',
    (name) => {
      const content = { metadata: { name, labels: { app: 'x' } } };
      const [object] = prepare({ kind: 'Namespace', name, content }).objects;
      expect(object?.object).toEqual({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { app: 'x' } } });
    },
  );

  it('lose what only the API writes and fields without a value, and nothing else', () => {
    const content = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', uid: 'u', resourceVersion: '1', creationTimestamp: null, labels: { app: 'x' } },
      data: { text: 'hello', nothing: null },
      unheardOf: [null, { deep: null, kept: 0 }],
      status: { phase: 'x' },
    };
    expect(prepare({ content }).objects[0]?.object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'one',
        namespace: 'default',
        labels: { app: 'x', ...marks.labels },
        annotations: marks.annotations,
      },
      data: { text: 'hello' },
      unheardOf: [null, { kept: 0 }],
    });
  });

  it('may be of a kind that the file itself defines, in each of its versions', () => {
    const spec = {
      group: 'example.org',
      scope: 'Cluster',
      names: { kind: 'Gadget', plural: 'gadgets' },
      versions: [{ name: 'v1' }, { name: 'v2' }],
    };
    const { objects, violations } = prepare(
      { apiVersion: 'example.org/v2', kind: 'Gadget', name: 'g' },
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'gadgets.example.org',
        content: { spec },
      },
    );
    expect(violations).toEqual([]);
    expect(objects.map(({ resource: { plural }, isKindNew }) => [plural, isKindNew])).toEqual([
      ['customresourcedefinitions', false],
      ['gadgets', true],
    ]);
  });

  it.each([
    [{ kind: 'Gadget' }, 'kind', /no kind Gadget in v1/],
    [{ apiVersion: 'v9' }, 'kind', /no kind ConfigMap in v9/],
  ])('are refused with their place when the API does not know them: %j', (fields, path, message) => {
    const { violations } = prepare({ ...fields, document: 3, line: 12 });
    expect(violations).toEqual([
      { field: 'configuration', path, message: expect.stringMatching(message), document: 3, line: 12 },
    ]);
  });

  it('are refused when they stand there twice, under whatever version', () => {
    const scaler = { kind: 'HorizontalPodAutoscaler', name: 'web' };
    const { violations } = prepare(
      { ...scaler, apiVersion: 'autoscaling/v1' },
      { ...scaler, apiVersion: 'autoscaling/v2', namespace: 'default', line: 9 },
      { ...scaler, apiVersion: 'autoscaling/v2', namespace: 'other' },
    );
    expect(violations).toMatchObject([{ path: 'metadata.name', line: 9 }]);
  });
});
