import { isMap } from '../rules/form.js';
import { keysOf } from '../rules/rule-table.js';
import { pathText } from '../rules/path-text.js';
import { type Findings, type Path, type RuleText, Scope } from '../rules/scope.js';
import { crossCheck } from '../rules/value-rule.js';
import type { PolicyViolation } from '../violation.js';
import { readYaml, violationsOf, type YamlContent } from '../yaml/read-yaml.js';
import type { ComposeContext } from './compose-context.js';
import { composeYamlLimits } from './compose-limits.js';
import type { ComposeModel } from './compose-model.js';
import { crossChecks, imageChecks } from './cross-checks.js';
import { fileTable } from './file-rules.js';
import { replaceVariables } from './replace-variables.js';
import { toModel } from './to-model.js';

/** Something that was left out of the model and breaks nothing. */
export interface ComposeNote {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export type ReadCompose =
  | { readonly model: ComposeModel; readonly notes: readonly ComposeNote[] }
  | { readonly violations: readonly PolicyViolation[] };

const wholeFile: RuleText = {
  id: 'compose.file',
  message: 'must be one document with services',
  hint: 'Write services: and under it the name of a service and its image.',
};

/** Reads a Compose file that may be hostile. What is not allowed for certain is a violation, and all of them are told. */
export function readCompose(text: string, context: ComposeContext): ReadCompose {
  const { contents, violations } = readYaml(text, composeYamlLimits);
  if (violations.length > 0) return { violations };
  const [content, second] = contents;
  if (!content || second) return { violations: [notOne(content)] };
  const findings: Findings = { broken: [], notes: [] };
  const model = readModel(content.value, context, findings);
  if (!model || findings.broken.length > 0) return { violations: violationsOf(findings.broken, content) };
  return { model, notes: findings.notes.map(({ path, message }) => noteAt(content, path, message)) };
}

function readModel(value: unknown, context: ComposeContext, findings: Findings): ComposeModel | undefined {
  const plain = replaceVariables(value, findings);
  const withVariables = new Set(findings.broken.map(({ path }) => pathText(path)));
  const found: Findings = { broken: [], notes: findings.notes };
  const file = keysOf(fileTable).read(plain, new Scope(wholeFile, [], found));
  // What a text with a variable would have been is not known.
  findings.broken.push(...found.broken.filter(({ path }) => !withVariables.has(pathText(path))));
  if (!file || findings.broken.length > 0) {
    judgeImages(plain, context, findings);
    return undefined;
  }
  const model = toModel(file, context.resources);
  crossCheck(crossChecks, { model, file }, context, findings);
  return model;
}

/** Other checks of a whole file would find what follows only from what is broken already. */
function judgeImages(file: unknown, context: ComposeContext, findings: Findings): void {
  const broken = new Set(findings.broken.map(({ path }) => pathText(path)));
  const services = fieldsOf(isMap(file) ? file['services'] : undefined).flatMap(([name, service]) => {
    const image = isMap(service) ? service['image'] : undefined;
    return typeof image === 'string' && !broken.has(pathText(['services', name, 'image'])) ? [{ name, image }] : [];
  });
  crossCheck(imageChecks, { model: { services } }, context, findings);
}

function fieldsOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}

function noteAt(content: YamlContent, path: Path, message: string): ComposeNote {
  return { path: pathText(path), line: content.lineOf(path), message };
}

function notOne(content: YamlContent | undefined): PolicyViolation {
  const { id, message, hint } = wholeFile;
  return { path: '', line: content?.lineOf([]) ?? null, rule: id, message, hint };
}
