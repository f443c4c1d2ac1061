import { type Findings, Scope } from '../rules/scope.js';
import { toldOfModel } from '../rules/told-of-model.js';
import type { PolicyViolation } from '../violation.js';
import type { DockerfileModel } from './dockerfile-model.js';
import { fromRules } from './from-rules.js';

/** Judges once more the images that stages begin with: the workshop may have fewer by now. */
export function judgeBases({ stages }: DockerfileModel, images: readonly string[]): readonly PolicyViolation[] {
  const findings: Findings = { broken: [], notes: [] };
  for (const { base } of stages) {
    if ('image' in base && !images.includes(base.image)) new Scope(fromRules.image, ['FROM'], findings).refuse();
  }
  return toldOfModel(findings.broken);
}
