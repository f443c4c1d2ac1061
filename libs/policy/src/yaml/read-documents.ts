import { type Alias, Composer, type Document, isScalar, Lexer, LineCounter, Parser, visit, type YAMLMap } from 'yaml';
import type { RuleText } from '../rules/scope.js';
import type { PolicyViolation } from '../violation.js';
import type { YamlLimits } from './yaml-limits.js';
import { yamlRules } from './yaml-rules.js';

export interface YamlDocument {
  /** From 1, the empty ones counted. */
  readonly number: number;
  readonly tree: Document.Parsed;
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly lines: LineCounter;
  readonly violations: readonly PolicyViolation[];
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
export function readDocuments(text: string, limits: YamlLimits): YamlFile {
  const lines = new LineCounter();
  const trees: Document.Parsed[] = [];
  const excess = compose({ text, lines, trees }, limits);
  if (excess) return { documents: [], lines, violations: [excess] };
  const documents = trees.map((tree, index) => ({ number: index + 1, tree }));
  const violations = documents.flatMap((document) => faultsOf(document, lines, limits.aliases));
  return { documents, lines, violations };
}

interface Composition {
  readonly text: string;
  readonly lines: LineCounter;
  readonly trees: Document.Parsed[];
}

/** Token by token, as a deep nesting would exhaust the stack of whoever composes it. */
function compose({ text, lines, trees }: Composition, limits: YamlLimits): PolicyViolation | undefined {
  const { depth, tokens, documents } = limits;
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({ ...options, lineCounter: lines });
  lines.addNewLine(0);
  let count = 0;
  const excess = ({ id, message, hint }: RuleText, exactly = message): PolicyViolation => {
    const { line } = lines.linePos(Math.min(parser.offset, text.length - 1));
    return { path: '', line, document: trees.length + 1, rule: id, message: exactly, hint };
  };
  const tooMany = (): PolicyViolation => excess(yamlRules.documents, `has more than ${documents} documents`);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive') return excess(yamlRules.directive);
      trees.push(...composer.next(token));
    }
    count += 1;
    if (parser.stack.length > depth) return excess(yamlRules.depth, `is nested deeper than ${depth} levels`);
    if (count > tokens) return excess(yamlRules.tokens, `has more than ${tokens} words, signs and spaces`);
    if (trees.length > documents) return tooMany();
  }
  for (const token of parser.end()) trees.push(...composer.next(token));
  trees.push(...composer.end(false, text.length));
  return trees.length > documents ? tooMany() : undefined;
}

function faultsOf({ number, tree }: YamlDocument, lines: LineCounter, mostAliases: number): readonly PolicyViolation[] {
  const fault = ({ id, hint }: RuleText, message: string, offset = 0): PolicyViolation => {
    return { path: '', line: lines.linePos(offset).line, document: number, rule: id, message, hint };
  };
  // A warning tells of a tag that nobody knows, whose value would be taken for a text.
  const faults = [...tree.errors, ...tree.warnings].map(({ message, pos }) => fault(yamlRules.syntax, message, pos[0]));
  let aliases = 0;
  visit(tree, {
    Map: (_key, map) => {
      const repeated = repeatedKeys(map);
      faults.push(...repeated.map((key) => fault(yamlRules.repeatedKey, `has the key ${key.name} twice`, key.offset)));
    },
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases === mostAliases + 1) {
        faults.push(fault(yamlRules.aliases, `has more than ${mostAliases} aliases`, alias.range?.[0]));
      } else if (aliases <= mostAliases && !alias.resolve(tree)) {
        faults.push(fault(yamlRules.anchor, unknownAnchor(alias), alias.range?.[0]));
      }
    },
  });
  return faults;
}

const unknownAnchor = ({ source }: Alias): string =>
  `names the anchor ${JSON.stringify(source)}, which does not come before`;

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
