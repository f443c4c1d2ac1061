import type { Scope } from '../rules/scope.js';
import type { DockerfileContext, Stage } from './dockerfile-model.js';
import type { DockerfileRule } from './dockerfile-rule.js';
import { fromRules } from './from-rules.js';
import type { OpenStage } from './reading-place.js';
import { splitFlags, splitWords } from './read-words.js';

/** As builders take it. They compare without regard to case. */
const stageName = /^[a-z][a-z0-9._-]{0,63}$/;
/** What builders understand as something else. */
const reservedNames: readonly string[] = ['scratch', 'context'];

type Header = Pick<Stage, 'name' | 'base'>;

/**
 * Reads the beginning of a stage. There is one even when a rule is broken, so that what follows is not told to have no
 * stage.
 */
export function readFrom(
  text: string,
  scope: Scope,
  earlier: readonly OpenStage[],
  context: DockerfileContext,
): OpenStage {
  const { flags, rest } = splitFlags(text);
  for (const { name } of flags) scope.at(name).under(fromRules.flag).refuse();
  const { name, base } = readHeader(splitWords(rest), scope, earlier, context);
  const before = 'stage' in base ? earlier.find((stage) => stage.name === base.stage) : undefined;
  return { name, base, steps: [], workdir: before?.workdir ?? null };
}

function readHeader(
  words: readonly string[],
  scope: Scope,
  earlier: readonly OpenStage[],
  context: DockerfileContext,
): Header {
  const [image = '', as = 'AS', name] = words;
  const isForm = (words.length === 1 || words.length === 3) && as.toUpperCase() === 'AS';
  const stage = earlier.find((one) => one.name === image.toLowerCase())?.name;
  const rule = isForm ? ruleOfImage(image, stage ?? undefined, context) : fromRules.form;
  if (rule) scope.under(rule).refuse();
  return { name: readName(name, scope, earlier, context), base: stage ? { stage } : { image } };
}

/** The rule that the base breaks, if any. */
function ruleOfImage(
  image: string,
  stage: string | undefined,
  { images }: DockerfileContext,
): DockerfileRule | undefined {
  if (image.includes('$')) return fromRules.variable;
  return stage !== undefined || images.includes(image) ? undefined : fromRules.image;
}

/** A stage with the name of an image would stand for that image wherever it is named after it. */
function readName(
  name: string | undefined,
  scope: Scope,
  earlier: readonly OpenStage[],
  { images }: DockerfileContext,
): string | null {
  if (name === undefined) return null;
  const lower = name.toLowerCase();
  const isTaken = earlier.some((stage) => stage.name === lower) || reservedNames.includes(lower);
  const isImage = images.some((image) => image === lower || repositoryOf(image) === lower);
  if (!stageName.test(lower) || isTaken || isImage) scope.at('AS').under(fromRules.name).refuse();
  return lower;
}

/** A builder reads a name without a tag as one with the tag `latest`. */
function repositoryOf(image: string): string {
  return image.replace(/[:@].*$/s, '');
}
