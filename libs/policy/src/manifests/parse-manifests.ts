import { isMap } from '../rules/form.js';
import { type Findings, type Path, type RuleText, Scope } from '../rules/scope.js';
import { mostViolations, type PolicyViolation } from '../violation.js';
import { readYaml, violationsOf, type YamlContent } from '../yaml/read-yaml.js';
import { yamlLimits } from '../yaml/yaml-limits.js';
import type { ManifestObject } from './manifest-object.js';
import { headRules, readHead } from './read-head.js';

const mostObjects = 50;

export const objectRules = {
  none: { id: 'manifests.empty', message: 'has no object', hint: 'Write at least one object.' },
  many: {
    id: 'manifests.objects',
    message: `has more than ${mostObjects} objects`,
    hint: 'Apply the objects in several files.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

export interface ParsedManifests {
  /** Empty when there are violations. */
  readonly objects: readonly ManifestObject[];
  readonly violations: readonly PolicyViolation[];
}

/**
 * Reads the objects of a file that may be hostile, within bounds. What the objects mean is not looked at: everything that
 * can be found wrong with their form is found at once.
 */
export function parseManifests(text: string): ParsedManifests {
  const { contents, violations } = readYaml(text, yamlLimits);
  if (violations.length > 0) return refused(violations);
  const read = contents.map(objectsOf);
  const faults = read.flatMap((one) => one.violations);
  if (faults.length > 0) return refused(faults);
  const objects = read.flatMap((one) => one.objects);
  if (objects.length === 0) return refusal(objectRules.none);
  return objects.length > mostObjects ? refusal(objectRules.many) : { objects, violations: [] };
}

function objectsOf(content: YamlContent): ParsedManifests {
  const findings: Findings = { broken: [], notes: [] };
  const objects = partsOf(content.value).flatMap(({ path, value }) => {
    const head = readHead(value, new Scope(headRules.object, path, findings));
    return head ? [{ path, head }] : [];
  });
  if (findings.broken.length > 0) return { objects: [], violations: violationsOf(findings.broken, content) };
  const placed = objects.slice(0, mostObjects + 1).map(({ path, head }) => {
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

function refusal({ id, message, hint }: RuleText): ParsedManifests {
  return refused([{ path: '', line: null, rule: id, message, hint }]);
}

function refused(violations: readonly PolicyViolation[]): ParsedManifests {
  return { objects: [], violations: violations.slice(0, mostViolations) };
}
