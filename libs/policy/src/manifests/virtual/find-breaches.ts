import type { Path, RuleText } from '../../rules/scope.js';
import type { ManifestObject } from '../manifest-object.js';
import { containersOf, itemsOf, podPlaces, valueAt } from '../pod-places.js';
import {
  virtualAnnotationRules,
  virtualClaimRules,
  virtualConfigRules,
  virtualMetadataRules,
  virtualNamespaceRules,
  virtualObjectRules,
  virtualServiceRules,
} from './object-rules.js';
import { breachesOf, type PlaceRule } from './place-rule.js';
import { virtualContainerRules, virtualPodRules } from './pod-rules.js';

const rules: readonly PlaceRule[] = [
  ...virtualObjectRules,
  ...virtualConfigRules,
  ...virtualNamespaceRules,
  ...virtualMetadataRules,
  ...virtualAnnotationRules,
  ...virtualServiceRules,
  ...virtualClaimRules,
  ...virtualPodRules,
  ...virtualContainerRules,
];

/** All rules of a virtual cluster, for tests and documentation. Pods and containers share some. */
export const virtualRules: readonly PlaceRule[] = [...new Map(rules.map((rule) => [rule.id, rule])).values()];

type Judged = Omit<ManifestObject, 'document' | 'line'>;

interface Start {
  readonly path: Path;
  readonly rules: readonly PlaceRule[];
}

export interface RuleBreach {
  readonly rule: RuleText;
  readonly path: Path;
}

/** Everything in an object that leads out of the virtual cluster, or harms what keeps it running. */
export function findBreaches(object: Judged): readonly RuleBreach[] {
  const { content } = object;
  return startsOf(object).flatMap(({ path, rules }) =>
    rules.flatMap((rule) =>
      breachesOf(rule, partAt(content, path), path).map((breach) => ({ rule, path: breach.path })),
    ),
  );
}

function startsOf({ apiVersion, kind, content }: Judged): readonly Start[] {
  const pod = Object.hasOwn(podPlaces, kind) ? podPlaces[kind] : undefined;
  const isOf = (one: string): boolean => apiVersion === 'v1' && kind === one;
  const own = [...virtualMetadataRules, ...(isSynced(kind) ? virtualAnnotationRules : [])];
  return [
    { path: [], rules: virtualObjectRules },
    ...(isOf('Config') ? [{ path: [], rules: virtualConfigRules }] : []),
    ...(isOf('Namespace') ? [{ path: [], rules: virtualNamespaceRules }] : []),
    { path: ['metadata'], rules: own },
    ...(isOf('Service') ? [{ path: ['spec'], rules: virtualServiceRules }] : []),
    ...claimsOf(kind, content, pod).map((path) => ({ path, rules: virtualClaimRules })),
    ...(pod ? podStarts(kind, content, pod) : []),
  ];
}

const isSynced = (kind: string): boolean => ['Pod', 'Service', 'PersistentVolumeClaim'].includes(kind);

function podStarts(kind: string, content: unknown, pod: Path): readonly Start[] {
  const metadata = [...pod.slice(0, -1), 'metadata'];
  const template =
    pod.length > 1 ? [{ path: metadata, rules: [...virtualMetadataRules, ...virtualAnnotationRules] }] : [];
  const containers = containersOf(kind, content).map(({ path }) => ({ path, rules: virtualContainerRules }));
  return [...template, { path: pod, rules: virtualPodRules }, ...containers];
}

function claimsOf(kind: string, content: unknown, pod: Path | undefined): readonly Path[] {
  const own = kind === 'PersistentVolumeClaim' ? [['spec']] : [];
  const templates = itemsOf(valueAt(content, ['spec', 'volumeClaimTemplates'])).map((_, index) => {
    return ['spec', 'volumeClaimTemplates', index, 'spec'];
  });
  const volumes = pod ? itemsOf(valueAt(content, [...pod, 'volumes'])) : [];
  const ephemeral = volumes.map((_, index) => {
    return [...(pod ?? []), 'volumes', index, 'ephemeral', 'volumeClaimTemplate', 'spec'];
  });
  return [...own, ...templates, ...ephemeral];
}

function partAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof part === 'number') return Array.isArray(at) ? at[part] : undefined;
    return valueAt(at, [part]);
  }, value);
}
