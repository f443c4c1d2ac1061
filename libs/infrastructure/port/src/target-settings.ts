import { AppError } from '@nalabo/kernel';

/** One target as an operator writes it: its type, its name, and what a provider of that type wants to know. */
export interface TargetSettings {
  readonly type: string;
  readonly name: string;
  readonly [setting: string]: string | undefined;
}

/** The settings that the providers of a service understand, by type. */
export type KnownSettings = Readonly<Record<string, readonly string[]>>;

/**
 * Reads a targets file: a JSON list of flat objects of strings.
 * @throws AppError `invalid_input` that names the target and the fault, and never a value besides type and name.
 */
export function parseTargetSettings(text: string, known: KnownSettings): readonly TargetSettings[] {
  const targets = parseJson(text);
  if (!Array.isArray(targets)) throw fault('must hold a list of targets');
  return targets.map((target: unknown, index) => checkTarget(target, index, known));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('is not JSON', cause);
  }
}

function checkTarget(target: unknown, index: number, known: KnownSettings): TargetSettings {
  if (!isTextObject(target)) throw fault(`target ${index}: must be an object of texts`);
  const { type, name, ...settings } = target;
  if (!type || !name) throw fault(`target ${index}: needs a type and a name`);
  const allowed = Object.hasOwn(known, type) ? known[type] : undefined;
  if (!allowed) throw fault(`target ${name}: there is no provider of type ${type}`);
  const unknown = Object.keys(settings).filter((setting) => !allowed.includes(setting));
  if (unknown.length > 0) throw fault(`target ${name}: unknown settings: ${unknown.join(', ')}`);
  return { type, name, ...settings };
}

function isTextObject(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((setting) => typeof setting === 'string');
}

function fault(text: string, cause?: unknown): AppError {
  return new AppError('invalid_input', `the targets file ${text}`, { cause });
}
