import { defaultAdmissionLimits } from '@nalabo/session';
import { z } from 'zod';
import { targetsConfigSchema } from './targets.js';

const count = (usual: number) => z.coerce.number().int().positive().default(usual);

export const provisionerConfigSchema = targetsConfigSchema.safeExtend({
  /** The folder that holds one folder per workshop. */
  NALABO_WORKSHOPS: z.string().min(1),
  NALABO_LIVE_SESSIONS_PER_OWNER: count(defaultAdmissionLimits.liveSessionsPerOwner),
  NALABO_CREATES_PER_MINUTE: count(defaultAdmissionLimits.createsPerMinutePerOwner),
  NALABO_PROVISIONS_PER_TARGET: count(defaultAdmissionLimits.provisionsPerTarget),
  NALABO_QUEUE_PER_TARGET: count(defaultAdmissionLimits.queuePerTarget),
});
export type ProvisionerConfig = z.output<typeof provisionerConfigSchema>;
