import { serviceConfigSchema } from '@nalabo/service-host';
import { targetsConfigSchema } from './targets.js';

export const monitorConfigSchema = targetsConfigSchema.safeExtend(serviceConfigSchema.shape);
