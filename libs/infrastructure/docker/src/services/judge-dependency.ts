import type { ComposeService } from '@nalabo/infrastructure-port';
import type { ServiceProcess } from '../engine/engine-objects.js';

type Condition = ComposeService['dependsOn'][number]['condition'];

/** Whether a service is as far as another one needs it: `met`, `open` as long as it may be, or why it never will be. */
export function judgeDependency(condition: Condition, { isRunning, exitCode, health }: ServiceProcess): string {
  if (condition === 'completed') {
    if (isRunning) return 'open';
    return exitCode === 0 ? 'met' : `has ended with code ${exitCode}`;
  }
  if (!isRunning) return `has ended with code ${exitCode}`;
  if (condition === 'started' || health === 'healthy') return 'met';
  return health === 'unhealthy' ? 'is not healthy' : 'open';
}
