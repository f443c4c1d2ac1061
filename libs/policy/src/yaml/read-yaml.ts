import { type Document, isMap, isNode, isScalar, isSeq } from 'yaml';
import { pathText } from '../rules/path-text.js';
import type { Finding, Path, RuleText } from '../rules/scope.js';
import { mostViolations, type PolicyViolation } from '../violation.js';
import { checkValues } from './check-values.js';
import { readDocuments, type YamlFile } from './read-documents.js';
import type { YamlLimits } from './yaml-limits.js';
import { yamlRules } from './yaml-rules.js';

/** One document that holds something. */
export interface YamlContent {
  readonly value: unknown;
  /** From 1, the empty ones counted. */
  readonly document: number;
  /** Where the key or the item begins, from 1; for a place that is not there, where the nearest thing around it does. */
  lineOf(path: Path): number;
}

export interface YamlReading {
  /** Empty when there are violations. */
  readonly contents: readonly YamlContent[];
  readonly violations: readonly PolicyViolation[];
}

/** Reads a file that may be hostile, within bounds. Nothing is thrown, and what is too much ends the reading early. */
export function readYaml(text: string, limits: YamlLimits): YamlReading {
  if (Buffer.byteLength(text) > limits.bytes) return refusal(yamlRules.size, `is larger than ${limits.bytes} bytes`);
  if (!text.isWellFormed()) return refusal(yamlRules.unicode);
  const file = readDocuments(text, limits);
  if (file.violations.length > 0) return refused(file.violations);
  const contents = contentsOf(file);
  const violations = contents.flatMap((content) => violationsOf(checkValues(content.value, limits), content));
  return violations.length > 0 ? refused(violations) : { contents, violations };
}

/** Tells findings with their places, in the order of the file. */
export function violationsOf(findings: readonly Finding[], content: YamlContent): PolicyViolation[] {
  // To find the line of one takes time, so that what is not told is left out before.
  const told = findings.slice(0, mostViolations).map(({ path, rule, message, hint }) => {
    return { path: pathText(path), line: content.lineOf(path), document: content.document, rule, message, hint };
  });
  return told.sort((one, other) => one.line - other.line);
}

function contentsOf({ documents, lines }: YamlFile): readonly YamlContent[] {
  return documents.flatMap(({ number, tree }) => {
    // Cycles and bombs of aliases cost nothing here, as each alias is one reference. The values are counted afterwards.
    const value: unknown = tree.toJS({ maxAliasCount: -1 });
    const lineOf = (path: Path): number => lines.linePos(offsetOf(tree, path)).line;
    return value === null ? [] : [{ value, document: number, lineOf }];
  });
}

/** What stands behind an alias is not looked for: its place is the alias. */
function offsetOf({ contents }: Document.Parsed, path: Path): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const part of path) {
    const { place, value } = partOf(node, part);
    if (!isNode(place) || !place.range) break;
    offset = place.range[0];
    node = value;
  }
  return offset;
}

/** Where a part of a map or a list begins, and what it holds. */
function partOf(node: unknown, part: string | number): { readonly place?: unknown; readonly value?: unknown } {
  if (isSeq(node) && typeof part === 'number') return { place: node.items[part], value: node.items[part] };
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part) : undefined;
  return { place: pair?.key, value: pair?.value };
}

function refusal({ id, message, hint }: RuleText, exactly: string = message): YamlReading {
  return refused([{ path: '', line: null, rule: id, message: exactly, hint }]);
}

function refused(violations: readonly PolicyViolation[]): YamlReading {
  return { contents: [], violations: violations.slice(0, mostViolations) };
}
