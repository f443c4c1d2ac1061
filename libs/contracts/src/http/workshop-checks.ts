import { z } from 'zod';
import {
  type CheckDefinition,
  checkDefinitionSchema,
  checkLimits,
  checkPatternFlags,
  longestSecondsOf,
} from './check-definition.js';

/** What a single check of a workshop must keep to, besides its form. */
export const workshopCheckSchema = checkDefinitionSchema
  .refine(({ expect }) => isPattern(expect.output), {
    message: 'must be a regular expression',
    path: ['expect', 'output'],
  })
  .refine((check) => longestSecondsOf(check) <= checkLimits.longestCheckSeconds, {
    message: `must take at most ${checkLimits.longestCheckSeconds} seconds with all retries`,
    path: ['timeoutSeconds'],
  });

/** What all checks of a workshop must keep to together. */
export const workshopChecksSchema = z
  .array(workshopCheckSchema)
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
