import { setTimeout as delay } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

export interface ReadinessState {
  readonly ready: boolean;
  /** Why not, without addresses; null when ready. */
  readonly reason: string | null;
}

/** Something the service cannot work without, for example its database. */
export interface ReadinessCheck {
  connectionState(): ReadinessState | Promise<ReadinessState>;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly stopping: boolean;
  readonly checks: Readonly<Record<string, ReadinessState>>;
}

const checkMilliseconds = 2000;

/** Whether requests should be sent to this process. */
export class Readiness {
  private isStopping = false;

  constructor(
    private readonly modules: ModuleRef,
    private readonly checks: Readonly<Record<string, Type<ReadinessCheck>>>,
  ) {}

  /** From now on the process is not ready, whatever the checks say. */
  stop(): void {
    this.isStopping = true;
  }

  async report(): Promise<ReadinessReport> {
    const entries = Object.entries(this.checks).map(async ([name, check]) => [name, await this.state(check)] as const);
    const checks = Object.fromEntries(await Promise.all(entries));
    const ready = !this.isStopping && Object.values(checks).every((state) => state.ready);
    return { ready, stopping: this.isStopping, checks };
  }

  private async state(check: Type<ReadinessCheck>): Promise<ReadinessState> {
    const deadline = new AbortController();
    const late = delay(checkMilliseconds, { ready: false, reason: 'no answer in time' }, deadline);
    try {
      return await Promise.race([this.modules.get(check, { strict: false }).connectionState(), late]);
    } finally {
      deadline.abort();
      await late.catch(() => undefined);
    }
  }
}
