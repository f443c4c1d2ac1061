import { targetHealthSchema, targetViewSchema, type TargetHealth, type TargetView } from '@nalabo/contracts';
import { z } from 'zod';

/** A target as its owner knows it, with its health as the monitor saw it; null when nobody could say. */
export const targetReportSchema = targetViewSchema.extend({
  health: targetHealthSchema.omit({ name: true }).nullable(),
});
export type TargetReport = z.infer<typeof targetReportSchema>;

export function reportTargets(targets: readonly TargetView[], healths: readonly TargetHealth[]): TargetReport[] {
  return targets.map((target) => {
    const { name: _name, ...health } = healths.find(({ name }) => name === target.name) ?? { name: null };
    return { ...target, health: 'reachable' in health ? health : null };
  });
}
