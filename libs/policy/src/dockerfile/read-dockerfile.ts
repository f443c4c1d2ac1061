import type { Finding, Findings, Path } from '../rules/scope.js';
import { Scope } from '../rules/scope.js';
import { mostViolations, type PolicyViolation } from '../violation.js';
import { checkInlineFiles } from './check-inline-files.js';
import { dockerfileLimits } from './dockerfile-limits.js';
import type { DockerfileContext, DockerfileModel, Step } from './dockerfile-model.js';
import { fileRules } from './file-rules.js';
import { instructionTable } from './instruction-table.js';
import { readFrom } from './read-from.js';
import { type Instruction, readInstructions, shownKeyword } from './read-instructions.js';
import type { AllowedInstruction, OpenStage, ReadingPlace } from './reading-place.js';
import { shownFlag } from './read-words.js';

/** Something in a Dockerfile that was left out or changed, and breaks nothing. */
export interface DockerfileNote {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export type ReadDockerfile =
  | { readonly model: DockerfileModel; readonly notes: readonly DockerfileNote[] }
  | { readonly violations: readonly PolicyViolation[] };

/**
 * Reads a Dockerfile that may be hostile. It throws for no text, takes linear time, and gives either a model of what is
 * allowed, or everything that is wrong with it in the order of the file.
 */
export function readDockerfile(text: string, context: DockerfileContext): ReadDockerfile {
  const findings: Findings = { broken: [], notes: [] };
  checkInlineFiles(context.files, findings);
  const stages = readStages(readInstructions(text, findings), { context, findings });
  if (stages.length === 0 && findings.broken.length === 0) new Scope(fileRules.empty, [], findings).refuse();
  if (findings.broken.length > 0) return { violations: violationsOf(findings.broken) };
  const model = { stages: stages.map(({ name, base, steps }) => ({ name, base, steps })) };
  const notes = findings.notes.map(({ path, message }) => ({ path: pathOf(path), line: lineOf(path) ?? 0, message }));
  return { model, notes };
}

type Amount = 'layers' | 'values';

interface Surroundings {
  readonly context: DockerfileContext;
  readonly findings: Findings;
}

function readStages(instructions: readonly Instruction[], { context, findings }: Surroundings): readonly OpenStage[] {
  const stages: OpenStage[] = [];
  const amounts = { layers: 0, values: 0 };
  for (const instruction of instructions) {
    const scope = new Scope(fileRules.unknown, [instruction.line, shownKeyword(instruction)], findings);
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') {
      stages.push(readFrom(instruction.rest, scope, stages, context));
      if (stages.length === dockerfileLimits.stages + 1) scope.under(fileRules.stages).refuse();
    } else if (stage) {
      const step = readStep(instruction, { scope, context, earlier: stages.slice(0, -1), stage });
      if (!step) continue;
      stage.steps.push(step);
      addTo(amounts, 'layers', layersOf(step), scope);
      addTo(amounts, 'values', valuesOf(step), scope);
    } else scope.under(instructionTable.has(instruction.keyword) ? fileRules.order : fileRules.unknown).refuse();
  }
  return stages;
}

/** Tells of too many once, at the instruction that leads to them. */
function addTo(amounts: Record<Amount, number>, of: Amount, more: number, scope: Scope): void {
  const most = dockerfileLimits[of];
  const before = amounts[of];
  amounts[of] += more;
  if (before <= most && amounts[of] > most) scope.under(fileRules[of]).refuse();
}

function layersOf({ kind }: Step): number {
  return kind === 'run' || kind === 'copy' ? 1 : 0;
}

function valuesOf(step: Step): number {
  if (step.kind === 'expose') return step.ports.length;
  return 'values' in step ? step.values.length : 0;
}

function readStep({ keyword, rest }: Instruction, place: ReadingPlace): Step | undefined {
  const rule = instructionTable.get(keyword);
  if (!rule) return place.scope.refuse();
  if (rule.verdict === 'refused') return place.scope.under(rule.rule).refuse();
  if (rule.verdict === 'allowed') return readAllowed(rule, rest, place);
  place.scope.note(rule.note);
  return undefined;
}

function readAllowed({ flagRule, variableRule, read }: AllowedInstruction, rest: string, place: ReadingPlace) {
  if (flagRule && rest.startsWith('--')) return place.scope.at(shownFlag(rest)).under(flagRule).refuse();
  if (variableRule && rest.includes('$')) return place.scope.under(variableRule).refuse();
  return read(rest, place);
}

/** What concerns no line of the file comes first. */
function violationsOf(broken: readonly Finding[]): readonly PolicyViolation[] {
  const violations = broken.map(({ path, rule, message, hint }) => {
    return { path: pathOf(path), line: lineOf(path), rule, message, hint };
  });
  return violations.sort((one, other) => (one.line ?? 0) - (other.line ?? 0)).slice(0, mostViolations);
}

/** Where something stands: the line, then the instruction, then the flag. */
function lineOf([line]: Path): number | null {
  return typeof line === 'number' ? line : null;
}

function pathOf(path: Path): string {
  return path.filter((part) => typeof part === 'string').join(' ');
}
