import {
  type CheckDefinition,
  checkDefinitionSchema,
  checkLimits,
  checkPatternFlags,
  longestSecondsOf,
} from '@nalabo/contracts';
import { z } from 'zod';

/** Also in parts, so that checks of a workshop share what theirs have in common through an anchor of YAML. */
const scriptSchema = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((script) => (typeof script === 'string' ? script : script.join('\n')))
  .pipe(checkDefinitionSchema.shape.script);

/** `checks` of `workshop.yaml`: what a single check must keep to, and what all of them together must. */
export const workshopChecksSchema = z
  .array(
    checkDefinitionSchema
      .extend({ script: scriptSchema })
      .refine(({ expect }) => isPattern(expect.output), {
        message: 'must be a regular expression',
        path: ['expect', 'output'],
      })
      .refine((check) => longestSecondsOf(check) <= checkLimits.longestCheckSeconds, {
        message: `must take at most ${checkLimits.longestCheckSeconds} seconds with all retries`,
        path: ['timeoutSeconds'],
      }),
  )
  .max(checkLimits.perWorkshop)
  .refine(haveOwnIds, 'must have an id each')
  .refine(fitIntoMessage, `must take at most ${checkLimits.bytesPerWorkshop} bytes together`);

function isPattern(source: string | null): boolean {
  if (source === null) return true;
  try {
    return new RegExp(source, checkPatternFlags) instanceof RegExp;
  } catch {
    // The only thing that the constructor throws is what is asked here: that this is no pattern.
    return false;
  }
}

function haveOwnIds(checks: readonly CheckDefinition[]): boolean {
  return new Set(checks.map(({ id }) => id)).size === checks.length;
}

function fitIntoMessage(checks: readonly CheckDefinition[]): boolean {
  return Buffer.byteLength(JSON.stringify(checks)) <= checkLimits.bytesPerWorkshop;
}
