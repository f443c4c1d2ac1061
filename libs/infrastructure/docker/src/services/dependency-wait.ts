import { setTimeout as pause } from 'node:timers/promises';
import type { ComposeService } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { ServicesClient } from '../engine/services.client.js';
import { judgeDependency } from './judge-dependency.js';

const pollIntervalMs = 200;

type Dependency = ComposeService['dependsOn'][number];

/** Waits until services are as far as others that depend on them need them. */
export class DependencyWait {
  private deadline: number | undefined;

  /**
   * @param patienceMs How long at most, from the first time on and for all services together, before it does not matter any
   * more; null for as long as the signal lets us.
   */
  constructor(
    private readonly services: Pick<ServicesClient, 'inspectProcess'>,
    private readonly containerOf: (service: string) => string | undefined,
    private readonly patienceMs: number | null,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws AppError `unprocessable` when one of them will never be as far, and `timeout` when it is not in time. */
  async until({ name, dependsOn }: Pick<ComposeService, 'name' | 'dependsOn'>): Promise<void> {
    this.deadline ??= performance.now() + (this.patienceMs ?? Infinity);
    for (const dependency of dependsOn.filter(({ condition }) => condition !== 'started')) {
      try {
        await this.untilMet(dependency, this.deadline);
      } catch (error) {
        if (this.patienceMs === null) throw toldOf(name, error);
      }
    }
  }

  private async untilMet({ service, condition }: Dependency, deadline: number): Promise<void> {
    const id = this.containerOf(service);
    if (id === undefined) return;
    for (;;) {
      const verdict = judgeDependency(condition, await this.services.inspectProcess(id, this.signal));
      if (verdict === 'met') return;
      if (verdict !== 'open') throw refused('unprocessable', `${service} ${verdict}`);
      if (this.signal.aborted || performance.now() > deadline) throw refused('timeout', `${service} takes too long`);
      await pause(pollIntervalMs);
    }
  }
}

function refused(kind: 'unprocessable' | 'timeout', publicMessage: string): AppError {
  return new AppError(kind, publicMessage, { publicMessage });
}

function toldOf(service: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const publicMessage = `${service} was not started: ${error.publicMessage}`;
  return new AppError(error.kind, publicMessage, { cause: error, publicMessage });
}
