import { AppError } from '@nalabo/kernel';
import type { InfrastructureTarget } from './facets.js';

/** The configured targets by name. */
export class TargetRegistry {
  private readonly targets: ReadonlyMap<string, InfrastructureTarget>;

  constructor(targets: readonly InfrastructureTarget[]) {
    this.targets = new Map(targets.map((target) => [target.name, target]));
    if (this.targets.size !== targets.length) {
      throw new AppError('invalid_input', `target names must be unique: ${targets.map(({ name }) => name).join(', ')}`);
    }
  }

  all(): readonly InfrastructureTarget[] {
    return [...this.targets.values()];
  }

  find(name: string): InfrastructureTarget | undefined {
    return this.targets.get(name);
  }

  /** @throws AppError `unavailable` when a session's target is no longer configured: it may come back. */
  get(name: string): InfrastructureTarget {
    const target = this.targets.get(name);
    if (!target) throw new AppError('unavailable', `target ${name} is not configured`);
    return target;
  }
}
