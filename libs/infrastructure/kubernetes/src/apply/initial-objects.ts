import type { ApplyFacet, SessionSpec } from '@nalabo/infrastructure-port';
import { AppError, toAppError } from '@nalabo/kernel';

/** Applies what a workshop brings, as its learner would. */
export class InitialObjects {
  constructor(private readonly facet: Pick<ApplyFacet, 'plan' | 'apply'>) {}

  /**
   * Idempotent: what an attempt that was cut off has made is found unchanged.
   * @throws AppError `unprocessable` when the session refuses them, else as the facet does: then another attempt may pass.
   */
  async apply(spec: SessionSpec, signal: AbortSignal): Promise<void> {
    const { initial: model, limits } = spec;
    if (model === null) return;
    const plan = await this.facet.plan(spec, { model, current: null, limits }, signal).catch(toRefusal);
    const objects = await this.facet.apply(plan, signal);
    const failed = objects.filter(({ action }) => action === 'failed');
    if (failed.length === 0) return;
    const told = failed.map(({ kind, name, message }) => `${kind} ${name}: ${message ?? 'no reason'}`).join('; ');
    // What was planned a moment ago was possible: that it failed tells of the cluster's state and not of the objects.
    throw new AppError('unavailable', `session ${spec.sessionId}: ${told}`, { publicMessage: saying(told) });
  }
}

function toRefusal(thrown: unknown): never {
  const error = toAppError(thrown);
  const { violations = [] } = error.details;
  if (violations.length === 0) throw error;
  const told = violations.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new AppError('unprocessable', told, { cause: error, publicMessage: saying(told), details: { violations } });
}

function saying(told: string): string {
  return `What the workshop brings cannot be applied: ${told}`;
}
