import { isMap } from '../rules/form.js';
import type { Finding, Path, RuleText } from '../rules/scope.js';
import type { YamlLimits } from './yaml-limits.js';
import { yamlRules } from './yaml-rules.js';

/** What the platform itself writes begins like this. */
const reservedPrefix = 'nalabo.io/';

const controlCharacter = /\p{Cc}/u;
/** Every control character but those of lines and tables. */
const strangeCharacter = /[^\P{Cc}\t\n\r]/u;

/**
 * Finds what cannot be handed on: values that JSON cannot carry exactly, texts that nobody can store, names that are ours,
 * and more values or levels than a file may have once its aliases are followed.
 */
export function checkValues(root: unknown, limits: Omit<YamlLimits, 'tokens'>): readonly Finding[] {
  const faults: Finding[] = [];
  let nodes = 0;
  let characters = 0;
  const walk = (value: unknown, path: Path): void => {
    nodes += 1;
    characters += typeof value === 'string' ? value.length : 0;
    if (nodes > limits.nodes || characters > limits.bytes) return;
    if (path.length > limits.depth) {
      faults.push(fault(yamlRules.depth, [], `is nested deeper than ${limits.depth} levels, its aliases followed`));
      nodes = Number.POSITIVE_INFINITY;
    } else if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, index]));
    else if (isMap(value)) walkFields(value, path);
    else {
      const rule = ruleBrokenByScalar(value);
      if (rule) faults.push(fault(rule, path));
    }
  };
  const walkFields = (map: Readonly<Record<string, unknown>>, path: Path): void => {
    for (const [key, field] of Object.entries(map)) {
      characters += key.length;
      const rule = ruleBrokenByKey(key);
      if (rule) faults.push(fault(rule, [...path, key]));
      walk(field, [...path, key]);
    }
  };
  walk(root, []);
  if (characters > limits.bytes) {
    faults.push(fault(yamlRules.size, [], `is larger than ${limits.bytes} bytes, its aliases followed`));
  }
  if (nodes > limits.nodes && Number.isFinite(nodes)) {
    faults.push(fault(yamlRules.nodes, [], `has more than ${limits.nodes} values, its aliases followed`));
  }
  return faults;
}

function fault({ id, message, hint }: RuleText, path: Path, exactly: string = message): Finding {
  return { path, rule: id, message: exactly, hint };
}

function ruleBrokenByKey(key: string): RuleText | undefined {
  if (controlCharacter.test(key) || !key.isWellFormed()) return yamlRules.character;
  return key === '__proto__' || key.startsWith(reservedPrefix) ? yamlRules.reservedName : undefined;
}

function ruleBrokenByScalar(value: unknown): RuleText | undefined {
  if (typeof value === 'string' && (strangeCharacter.test(value) || !value.isWellFormed())) return yamlRules.character;
  return typeof value === 'number' && !isExact(value) ? yamlRules.number : undefined;
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
