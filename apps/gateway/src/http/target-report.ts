import { type TargetHealth, targetHealthSchema, type TargetView, targetViewSchema } from '@nalabo/contracts';
import type { z } from 'zod';

/** A target as its owner knows it, with its health as the monitor saw it; null when nobody could say. */
export const targetReportSchema = targetViewSchema.extend({ health: targetHealthSchema.nullable() });
export type TargetReport = z.infer<typeof targetReportSchema>;

export function reportTargets(targets: readonly TargetView[], healths: readonly TargetHealth[]): TargetReport[] {
  return targets.map((target) => ({ ...target, health: healths.find(({ name }) => name === target.name) ?? null }));
}
