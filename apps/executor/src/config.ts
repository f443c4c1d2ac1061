import { serviceConfigSchema } from '@nalabo/service-host';
import { targetsConfigSchema } from './targets.js';

export const executorConfigSchema = targetsConfigSchema.safeExtend(serviceConfigSchema.shape);
