import { setTimeout as delay } from 'node:timers/promises';
import { outputSubject } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { FactFeed, LiveFeed } from '@nalabo/messaging';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { onSessionEnd } from '../access/on-session-end.js';
import type { StopCause } from '../command/conclusion.js';
import { LiveExecution } from './live-execution.js';

/** The commands that run in this process. */
@Injectable()
export class LiveExecutions implements OnModuleInit, OnApplicationShutdown {
  private readonly running = new Map<string, LiveExecution>();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly live: LiveFeed,
    private readonly feed: FactFeed,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = onSessionEnd(this.feed, (sessionId) => {
      for (const execution of this.running.values()) {
        if (execution.sessionId === sessionId) execution.stopBecause('session-end');
      }
    });
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
  }

  /** The execution, if it runs here in that session. */
  find(sessionId: string, executionId: string): LiveExecution | undefined {
    const execution = this.running.get(executionId);
    return execution?.sessionId === sessionId ? execution : undefined;
  }

  add(executionId: string, { sessionId, startedAt }: { sessionId: string; startedAt: Date }): LiveExecution {
    if (this.running.has(executionId)) throw new AppError('internal', `execution ${executionId} runs here already`);
    const subject = outputSubject(executionId);
    const execution = new LiveExecution(sessionId, startedAt, (frame) => this.live.publish(subject, frame));
    this.running.set(executionId, execution);
    return execution;
  }

  remove(executionId: string): void {
    this.running.delete(executionId);
  }

  stopAll(cause: StopCause): void {
    for (const execution of this.running.values()) execution.stopBecause(cause);
  }

  /** Resolves when all that run now have ended, or when the time is over. */
  async settle(milliseconds: number): Promise<void> {
    const limit = new AbortController();
    const expired = delay(milliseconds, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled([...this.running.values()].map(({ ended }) => ended)), expired]);
    limit.abort();
  }
}
