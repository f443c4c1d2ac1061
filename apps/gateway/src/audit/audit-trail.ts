import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database } from '@nalabo/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { AuditEntry } from './audit-entry.js';
import { AuditStore } from './audit.store.js';

const queueLimit = 10_000;
const batchLimit = 500;
const second = 1000;
const hour = 3_600 * second;

/**
 * Writes the audit behind the answers, so that no request waits for it. While the database is away entries wait in a
 * bounded queue; what does not fit is counted and logged.
 */
@Injectable()
export class AuditTrail implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AuditTrail.name);
  private readonly queue: AuditEntry[] = [];
  private readonly writing: BackgroundLoop;
  private readonly pruning: BackgroundLoop;
  private lost = 0;

  constructor(
    private readonly store: AuditStore,
    private readonly database: Database,
  ) {
    this.writing = this.loop('write the audit', second / 2, () => this.writeBatch());
    this.pruning = this.loop('prune the audit', hour, () => this.store.prune());
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => {
      this.writing.start();
      this.pruning.start();
    });
  }

  /** Runs after the last answer was sent and before the database is closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.writing.stop(), this.pruning.stop()]);
    try {
      while (await this.writeBatch());
    } catch (error) {
      this.logger.error(`${this.queue.length} audit entries are lost at shutdown: ${toAppError(error).message}`);
    }
  }

  record(entry: AuditEntry): void {
    if (this.queue.length < queueLimit) this.queue.push(entry);
    else this.lost += 1;
  }

  private async writeBatch(): Promise<boolean> {
    if (this.lost > 0) this.logger.error(`${this.lost} audit entries are lost: the queue was full`);
    this.lost = 0;
    const batch = this.queue.slice(0, batchLimit);
    if (batch.length === 0) return false;
    await this.store.add(batch);
    this.queue.splice(0, batch.length);
    return this.queue.length > 0;
  }

  private loop(purpose: string, intervalMilliseconds: number, pass: () => Promise<boolean>): BackgroundLoop {
    return new BackgroundLoop({
      pass,
      intervalMilliseconds,
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: 5 * second },
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
