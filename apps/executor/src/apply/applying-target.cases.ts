import { once } from 'node:events';
import type { AppliedObject } from '@nalabo/contracts';
import {
  type ApplyFacet,
  type ApplyModel,
  type ApplyPlan,
  type InfrastructureTarget,
  MemoryTarget,
  type SessionRef,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';

/** An infrastructure that takes every object and remembers its content, so far as a test does not want otherwise. */
export class ApplyingTarget implements ApplyFacet {
  readonly held = new Map<string, string>();
  /** What a call waits for. */
  gate: Promise<void> = Promise.resolve();
  refusal: AppError | undefined;
  /** What the infrastructure finds besides what the file names. */
  others: readonly AppliedObject[] = [];
  private readonly memory = new MemoryTarget({ name: 'applying' });
  readonly target: InfrastructureTarget;

  constructor() {
    const { name, describe, lifecycle, observe, exec } = this.memory;
    this.target = { name, describe, lifecycle, observe, exec, apply: this };
  }

  async plan(ref: SessionRef, model: ApplyModel, signal: AbortSignal): Promise<ApplyPlan> {
    await Promise.race([this.gate, once(signal, 'abort')]);
    if (signal.aborted) throw new AppError('cancelled', 'the plan was cancelled');
    if (this.refusal) throw this.refusal;
    const changes = model.objects.map(({ apiVersion, kind, name, namespace, content }): AppliedObject => {
      const before = this.held.get(`${ref.sessionId}/${name}`);
      const action = before === undefined ? 'created' : before === JSON.stringify(content) ? 'unchanged' : 'changed';
      return { apiVersion, kind, name, namespace, action, ...(action === 'changed' ? { diff: '-a\n+b\n' } : {}) };
    });
    return { ref, model, changes: [...changes, ...this.others] };
  }

  apply({ ref, model, changes }: ApplyPlan): Promise<readonly AppliedObject[]> {
    for (const { name, content } of model.objects) this.held.set(`${ref.sessionId}/${name}`, JSON.stringify(content));
    return Promise.resolve(changes);
  }

  kubeconfig({ sessionId }: SessionRef): Promise<string> {
    return Promise.resolve(`kubeconfig of ${sessionId}`);
  }
}
