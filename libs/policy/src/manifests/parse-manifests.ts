import { isMap } from '../rules/form.js';
import { type Findings, type Path, type RuleText, Scope } from '../rules/scope.js';
import { mostViolations, type PolicyViolation } from '../violation.js';
import { readYaml, violationsOf, type YamlContent } from '../yaml/read-yaml.js';
import { type YamlLimits, yamlLimits } from '../yaml/yaml-limits.js';
import type { ManifestPlace } from './judge-manifest.js';
import type { ManifestObject } from './manifest-object.js';
import { headRules, readHead } from './read-head.js';

export const objectRules = {
  none: { id: 'manifests.empty', message: 'has no object', hint: 'Write at least one object.' },
  many: {
    id: 'manifests.objects',
    message: 'has more objects than a file may have',
    hint: 'Apply the objects in several files.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

export interface ParsedManifests {
  /** Empty when there are violations. */
  readonly objects: readonly ManifestObject[];
  readonly violations: readonly PolicyViolation[];
}

/** What is asked of a file besides its form. */
export interface ManifestPolicy {
  readonly limits: YamlLimits;
  readonly mostObjects: number;
  /** The content of an object as it may be applied; undefined when a rule is broken, which the findings tell then. */
  readonly judge: (object: Head, place: ManifestPlace) => ManifestObject['content'] | undefined;
}

type Head = Omit<ManifestObject, 'document' | 'line'>;

const formOnly: ManifestPolicy = { limits: yamlLimits, mostObjects: 50, judge: ({ content }) => content };

/**
 * Reads the objects of a file that may be hostile, within bounds. What the objects mean is not looked at: everything that
 * can be found wrong with their form is found at once.
 */
export function parseManifests(text: string, policy: ManifestPolicy = formOnly): ParsedManifests {
  const { contents, violations } = readYaml(text, policy.limits);
  if (violations.length > 0) return refused(violations);
  const read = contents.map((content) => objectsOf(content, policy));
  const faults = read.flatMap((one) => one.violations);
  if (faults.length > 0) return refused(faults);
  const objects = read.flatMap((one) => one.objects);
  if (objects.length === 0) return refusal(objectRules.none);
  return objects.length > policy.mostObjects ? tooMany(policy.mostObjects) : { objects, violations: [] };
}

function objectsOf(content: YamlContent, { mostObjects, judge }: ManifestPolicy): ParsedManifests {
  const findings: Findings = { broken: [], notes: [] };
  const parts = partsOf(content.value);
  const heads = parts.flatMap(({ path, value }) => {
    const head = readHead(value, new Scope(headRules.object, path, findings));
    return head ? [{ path, head }] : [];
  });
  if (parts.length > mostObjects && heads.length === parts.length) return tooMany(mostObjects);
  const objects = heads.flatMap(({ path, head }) => {
    const judged = judge(head, { path, findings });
    return judged ? [{ path, head: { ...head, content: judged } }] : [];
  });
  if (findings.broken.length > 0) return { objects: [], violations: violationsOf(findings.broken, content) };
  const placed = objects.map(({ path, head }) => {
    return { ...head, document: content.document, line: content.lineOf(path) };
  });
  return { objects: placed, violations: [] };
}

/** The objects of a list stand for themselves. */
function partsOf(root: unknown): readonly { readonly path: Path; readonly value: unknown }[] {
  if (!isMap(root)) return [{ path: [], value: root }];
  const { kind, items } = root;
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList
    ? items.map((value: unknown, index) => ({ path: ['items', index], value }))
    : [{ path: [], value: root }];
}

function tooMany(most: number): ParsedManifests {
  return refusal({ ...objectRules.many, message: `has more than ${most} objects` });
}

function refusal({ id, message, hint }: RuleText): ParsedManifests {
  return refused([{ path: '', line: null, rule: id, message, hint }]);
}

function refused(violations: readonly PolicyViolation[]): ParsedManifests {
  return { objects: [], violations: violations.slice(0, mostViolations) };
}
