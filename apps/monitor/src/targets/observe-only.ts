import type { InfrastructureTarget } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';

/** The target as the monitor may use it: what could change something fails, whoever wires it to whatever later. */
export function observeOnly({ name, describe, observe }: InfrastructureTarget): InfrastructureTarget {
  const refuse = (): Promise<never> =>
    Promise.reject(new AppError('internal', `target ${name} is only observed by this service`));
  return {
    name,
    describe,
    observe,
    lifecycle: { ensure: refuse, destroy: refuse },
    exec: { open: refuse, terminal: refuse },
    apply: null,
  };
}
