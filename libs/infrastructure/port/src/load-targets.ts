import { readFile } from 'node:fs/promises';
import type { InfrastructureTarget } from './facets.js';
import { parseTargetSettings, type TargetSettings } from './target-settings.js';
import { TargetRegistry } from './target-registry.js';

/** A provider as a composition root names it: the settings it understands, and how a target of it is made. */
export interface TargetKindFactory {
  readonly settings: readonly string[];
  /** A provider may load what it is made of only when there is such a target. */
  create(settings: TargetSettings): InfrastructureTarget | Promise<InfrastructureTarget>;
}

export interface TargetSources {
  /** The targets that need no file. */
  readonly local: readonly TargetSettings[];
  /** The file with further targets, or none. */
  readonly file: string | undefined;
}

/**
 * The targets of an installation. A new provider is one more entry of `kinds`.
 * @throws AppError `invalid_input` when the file names an unknown type, an unknown setting, or a name twice.
 */
export async function loadTargets(
  { local, file }: TargetSources,
  kinds: Readonly<Record<string, TargetKindFactory>>,
): Promise<TargetRegistry> {
  const known = Object.fromEntries(Object.entries(kinds).map(([type, { settings }]) => [type, settings]));
  const further = file === undefined ? [] : parseTargetSettings(await readFile(file, 'utf8'), known);
  const targets = [...local, ...further].map(async (settings) => kinds[settings.type]?.create(settings));
  return new TargetRegistry((await Promise.all(targets)).filter((target) => target !== undefined));
}
