import { httpLimits } from '@nalabo/contracts';
import type { ManifestObject } from '@nalabo/infrastructure-port';
import type { Violation } from '@nalabo/kernel';
import { isNode } from 'yaml';
import { checkObject } from './check-object.js';
import { checkValues, type Path, pathText } from './check-values.js';
import { manifestLimits } from './manifest-limits.js';
import { readDocuments, type YamlDocument, type YamlFile } from './read-documents.js';

export interface ParsedManifests {
  /** Empty when there are violations. */
  readonly objects: readonly ManifestObject[];
  readonly violations: readonly Violation[];
}

/**
 * Reads the objects of a file that may be hostile, within bounds. What the objects mean is not looked at: everything that
 * can be found wrong with their form is found at once.
 */
export function parseManifests(text: string): ParsedManifests {
  if (Buffer.byteLength(text) > httpLimits.bodyBytes) return refusal(`is larger than ${httpLimits.bodyBytes} bytes`);
  if (!text.isWellFormed()) return refusal('is not well-formed Unicode');
  const file = readDocuments(text);
  if (file.violations.length > 0) return refused(file.violations);
  const found = file.documents.map((document) => objectsOf(document, file));
  const violations = found.flatMap((one) => one.violations);
  if (violations.length > 0) return refused(violations);
  const objects = found.flatMap((one) => one.objects);
  if (objects.length === 0) return refusal('has no object');
  if (objects.length > manifestLimits.objects) return refusal(`has more than ${manifestLimits.objects} objects`);
  return { objects, violations: [] };
}

function objectsOf(document: YamlDocument, { lines }: YamlFile): ParsedManifests {
  const { number, tree } = document;
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  const violation = ({ path, message }: { readonly path: Path; readonly message: string }): Violation => {
    return { field: pathText(path) || 'configuration', message, document: number, line: lineOf(path) };
  };
  const root: unknown = tree.toJS({ maxAliasCount: -1 });
  if (root === null) return { objects: [], violations: [] };
  // Everything after this may follow aliases freely.
  const faults = checkValues(root);
  if (faults.length > 0) return refused(mostOf(faults).map(violation));
  const checked = partsOf(root).map(({ path, value }) => ({ path, ...checkObject(value, path) }));
  return {
    violations: mostOf(checked.flatMap((one) => one.faults)).map(violation),
    objects: checked.flatMap(({ path, object }) =>
      object.map((one) => ({ ...one, document: number, line: lineOf(path) })),
    ),
  };
}

/** The objects of a list stand for themselves. */
function partsOf(root: unknown): readonly { readonly path: Path; readonly value: unknown }[] {
  if (typeof root !== 'object' || root === null) return [{ path: [], value: root }];
  const { kind, items } = root as { readonly kind?: unknown; readonly items?: unknown };
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList
    ? items.map((value: unknown, index) => ({ path: ['items', index], value }))
    : [{ path: [], value: root }];
}

/** Where the innermost part of the path begins that stands in the document itself and not behind an alias. */
function offsetOf({ tree }: YamlDocument, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = tree.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return tree.contents?.range?.[0] ?? 0;
}

function refusal(message: string): ParsedManifests {
  return refused([{ field: 'configuration', message }]);
}

function refused(violations: readonly Violation[]): ParsedManifests {
  return { objects: [], violations: mostOf(violations) };
}

/** As many faults as are told. To find the line of one takes time, so that the others are left out before. */
function mostOf<T>(faults: readonly T[]): readonly T[] {
  return faults.slice(0, manifestLimits.violations);
}
