import type { Command, CopyStep, DockerfileModel, NamedValue, Stage, Step } from './dockerfile-model.js';

/**
 * Writes a model as a Dockerfile, one instruction a line. Every builder reads it alike: values stand in quotes, words in
 * JSON, paths are absolute.
 */
export function writeDockerfile({ stages }: DockerfileModel): string {
  return stages.flatMap(linesOf).join('\n') + '\n';
}

function linesOf({ name, base, steps }: Stage): readonly string[] {
  const from = `FROM ${'image' in base ? base.image : base.stage}`;
  const lines = steps.map((step) => `${step.kind.toUpperCase()} ${restOf(step)}`);
  return [name === null ? from : `${from} AS ${name}`, ...lines];
}

function restOf(step: Step): string {
  if ('command' in step) return commandText(step.command);
  if ('values' in step) return step.values.map(pairText).join(' ');
  if (step.kind === 'shell') return commandText(step.words);
  if (step.kind === 'copy') return copyText(step);
  if (step.kind === 'expose') return step.ports.join(' ');
  if (step.kind === 'user') return step.user;
  return step.kind === 'workdir' ? step.path : step.signal;
}

/** JSON may hold characters that are invisible, or that end a line for some readers, in their own form only. */
function commandText(command: Command): string {
  if (typeof command === 'string') return command;
  return JSON.stringify(command).replace(/(?! )[\p{Cc}\p{Cf}\p{Z}]/gu, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}

function pairText({ name, value }: NamedValue<string | null>): string {
  return value === null ? name : `${name}="${value.replace(/["\\]/g, String.raw`\$&`)}"`;
}

function copyText({ from, owner, sources, target }: CopyStep): string {
  const flags = [from === null ? [] : `--from=${from}`, owner === null ? [] : `--chown=${owner}`].flat();
  return [...flags, ...sources, target].join(' ');
}
