import type { NamedValue, Step } from './dockerfile-model.js';
import type { DockerfileRule } from './dockerfile-rule.js';
import { absolutePath, isSystemPath } from './image-path.js';
import type { ReadingPlace } from './reading-place.js';
import { countVariables, readPairs } from './read-pairs.js';
import { splitWords } from './read-words.js';
import { settingRules } from './setting-rules.js';
import { userPattern } from './user-pattern.js';

const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const labelName = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;
const reservedLabel = /nalabo|^(?:com\.docker|io\.docker|org\.dockerproject)(?:\.|$)/i;
const signal = /^(?:SIG[A-Z][A-Z0-9]{1,9}(?:[+-]\d{1,2})?|[1-9]\d?)$/;
const port = /^([1-9]\d{0,4})(?:\/(tcp|udp))?$/i;

export function readEnv(rest: string, place: ReadingPlace): Step | undefined {
  const pairs = readVariables(rest, { form: settingRules.env, value: settingRules.envValue }, place);
  if (!pairs) return undefined;
  return hasValues(pairs) ? { kind: 'env', values: pairs } : place.scope.under(settingRules.env).refuse();
}

export function readArg(rest: string, place: ReadingPlace): Step | undefined {
  const values = readVariables(rest, { form: settingRules.arg, value: settingRules.argValue }, place);
  return values && { kind: 'arg', values };
}

export function readLabel(rest: string, { scope }: ReadingPlace): Step | undefined {
  const reading = readPairs(rest);
  const pairs = reading.kind === 'pairs' ? reading.pairs : [];
  const isForm = pairs.length > 0 && pairs.every(({ name }) => labelName.test(name));
  if (!isForm || !hasValues(pairs)) return scope.under(settingRules.label).refuse();
  if (pairs.some(({ name }) => reservedLabel.test(name))) return scope.under(settingRules.reservedLabel).refuse();
  return { kind: 'label', values: pairs };
}

export function readExpose(rest: string, { scope }: ReadingPlace): Step | undefined {
  const ports = splitWords(rest).map((word) => {
    const [, number, protocol = 'tcp'] = port.exec(word) ?? [];
    return number !== undefined && Number(number) <= 65_535 ? `${number}/${protocol.toLowerCase()}` : undefined;
  });
  const isForm = ports.length > 0 && ports.every((one) => one !== undefined);
  return isForm ? { kind: 'expose', ports } : scope.under(settingRules.expose).refuse();
}

/** Root too: who a container runs as is decided where it is started. */
export function readUser(rest: string, { scope }: ReadingPlace): Step | undefined {
  return userPattern.test(rest) ? { kind: 'user', user: rest } : scope.under(settingRules.user).refuse();
}

export function readWorkdir(rest: string, { scope, stage }: ReadingPlace): Step | undefined {
  const path = absolutePath(rest);
  if (path === undefined) return scope.under(settingRules.workdir).refuse();
  if (isSystemPath(path)) return scope.under(settingRules.systemFolder).refuse();
  stage.workdir = path;
  return { kind: 'workdir', path };
}

export function readStopSignal(rest: string, { scope }: ReadingPlace): Step | undefined {
  return signal.test(rest) ? { kind: 'stopsignal', signal: rest } : scope.under(settingRules.stopSignal).refuse();
}

interface PairRules {
  readonly form: DockerfileRule;
  readonly value: DockerfileRule;
}

/**
 * With more than one variable in a value, each line could double what the line before made, until the builder has no
 * memory left.
 */
function readVariables(rest: string, rules: PairRules, { scope }: ReadingPlace) {
  const reading = readPairs(rest);
  if (reading.kind === 'dollar') return scope.under(rules.value).refuse();
  const pairs = reading.kind === 'pairs' ? reading.pairs : [];
  if (pairs.length === 0 || !pairs.every(({ name }) => variableName.test(name))) {
    return scope.under(rules.form).refuse();
  }
  return pairs.some(({ value }) => countVariables(value ?? '') > 1) ? scope.under(rules.value).refuse() : pairs;
}

function hasValues(pairs: readonly NamedValue<string | null>[]): pairs is readonly NamedValue[] {
  return pairs.every(({ value }) => value !== null);
}
