import type { Violation } from '@nalabo/kernel';
import { type Alias, Composer, type Document, isScalar, Lexer, LineCounter, Parser, visit, type YAMLMap } from 'yaml';
import { manifestLimits } from './manifest-limits.js';

export interface YamlDocument {
  /** From 1, the empty ones counted. */
  readonly number: number;
  readonly tree: Document.Parsed;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly lines: LineCounter;
  readonly violations: readonly Violation[];
}

/**
 * The 1.2 core schema and nothing besides: no merge keys, no `yes`, no dates. Keys are
 * compared below, as the library takes quadratic time for it.
 */
const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Reads the documents of a file. What is too deep or too much ends the reading before it costs anything. */
export function readDocuments(text: string): YamlFile {
  const lines = new LineCounter();
  const trees: Document.Parsed[] = [];
  const excess = compose(text, lines, trees);
  if (excess) return { documents: [], lines, violations: [excess] };
  const documents = trees.map((tree, index) => ({ number: index + 1, tree }));
  return { documents, lines, violations: documents.flatMap((document) => faultsOf(document, lines)) };
}

/** Token by token, as a deep nesting would exhaust the stack of whoever composes it. */
function compose(text: string, lines: LineCounter, trees: Document.Parsed[]): Violation | undefined {
  const { depth, tokens, documents } = manifestLimits;
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({ ...options, lineCounter: lines });
  lines.addNewLine(0);
  let count = 0;
  const excess = (message: string): Violation => {
    const { line } = lines.linePos(parser.offset);
    return { field: 'configuration', message, document: trees.length + 1, line };
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive') return excess('has a directive; nothing but YAML 1.2 is read');
      trees.push(...composer.next(token));
    }
    count += 1;
    if (parser.stack.length > depth) return excess(`is nested deeper than ${depth} levels`);
    if (count > tokens) return excess(`has more than ${tokens} words, signs and spaces`);
    if (trees.length > documents) return excess(`has more than ${documents} documents`);
  }
  for (const token of parser.end()) trees.push(...composer.next(token));
  trees.push(...composer.end(false, text.length));
  return undefined;
}

function faultsOf({ number, tree }: YamlDocument, lines: LineCounter): readonly Violation[] {
  const fault = (message: string, offset: number | undefined): Violation => {
    return { field: 'configuration', message, document: number, line: lines.linePos(offset ?? 0).line };
  };
  // A warning tells of a tag that nobody knows, whose value would be taken for a text.
  const faults = [...tree.errors, ...tree.warnings].map(({ message, pos }) => fault(message, pos[0]));
  let aliases = 0;
  visit(tree, {
    Map: (_key, map) => {
      faults.push(...repeatedKeys(map).map(({ name, offset }) => fault(`has the key ${name} twice`, offset)));
    },
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases <= manifestLimits.aliases)
        faults.push(...unknownAnchor(alias, tree).map((one) => fault(one, offsetOf(alias))));
      else if (aliases === manifestLimits.aliases + 1) {
        faults.push(fault(`has more than ${manifestLimits.aliases} aliases`, offsetOf(alias)));
      }
    },
  });
  return faults;
}

const offsetOf = ({ range }: Alias): number | undefined => range?.[0];

function unknownAnchor(alias: Alias, tree: Document.Parsed): readonly string[] {
  return alias.resolve(tree) ? [] : [`names the anchor ${JSON.stringify(alias.source)}, which does not come before`];
}

function repeatedKeys(map: YAMLMap) {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    if (seen.has(name)) return [{ name: JSON.stringify(name), offset: key.range?.[0] }];
    seen.add(name);
    return [];
  });
}
