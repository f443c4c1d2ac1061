import type { PreflightReport } from '@nalabo/contracts';
import { TargetRegistry, type InfrastructureTarget } from '@nalabo/infrastructure-port';
import { systemClock, toAppError } from '@nalabo/kernel';
import { BackgroundLoop } from '@nalabo/persistence';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { newlyWrong } from './newly-wrong.js';

const intervalMilliseconds = 10 * 60_000;
const timeoutMilliseconds = 2 * 60_000;

/** Examines every target at start and from time to time, and keeps what was found. Nobody waits for it. */
@Injectable()
export class TargetPreflights implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TargetPreflights.name);
  private readonly shutdown = new AbortController();
  private readonly reports = new Map<string, PreflightReport>();
  private readonly loops: readonly BackgroundLoop[];

  constructor(targets: TargetRegistry) {
    this.loops = targets.all().map((target) => this.loopOf(target));
  }

  onApplicationBootstrap(): void {
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Null until the target could be examined. */
  last(target: string): PreflightReport | null {
    return this.reports.get(target) ?? null;
  }

  private loopOf(target: InfrastructureTarget): BackgroundLoop {
    return new BackgroundLoop({
      pass: () => this.examine(target),
      intervalMilliseconds,
      backoff: { firstMilliseconds: 5000, factor: 2, maximumMilliseconds: intervalMilliseconds },
      onFailure: (error, failures) => {
        if (failures > 1 || this.shutdown.signal.aborted) return;
        this.logger.warn(`target ${target.name} could not be examined: ${toAppError(error).message}`);
      },
    });
  }

  private async examine({ name, describe }: InfrastructureTarget): Promise<boolean> {
    const signal = AbortSignal.any([this.shutdown.signal, AbortSignal.timeout(timeoutMilliseconds)]);
    const findings = [...(await describe.preflight(signal))];
    for (const { name: what, detail } of newlyWrong(this.last(name)?.findings ?? [], findings)) {
      this.logger.warn(`target ${name}: ${what}: ${detail}`);
    }
    this.reports.set(name, { at: systemClock.now().toISOString(), findings });
    return false;
  }
}
