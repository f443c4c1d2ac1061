import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { retry, toAppError } from '@nalabo/kernel';
import { DataSource } from 'typeorm';
import { dataSourceOptions, type PersistenceOptions } from './data-source-options.js';
import { migrate } from './migrate.js';
import { databaseUnavailable, translatePgError } from './pg-errors.js';

export const PERSISTENCE_OPTIONS = Symbol('PERSISTENCE_OPTIONS');

const reconnect = { firstMilliseconds: 250, factor: 2, maximumMilliseconds: 5000 };

/**
 * The service's connection to its own schema. A database that is away at the start does not end the service: connecting
 * goes on in the background, and until then every operation answers `unavailable`.
 */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(Database.name);
  private readonly dataSource: DataSource;
  private readonly shutdown = new AbortController();
  private opening: Promise<void> = Promise.resolve();
  private isOpen = false;
  private lastReason: string | undefined;

  constructor(@Inject(PERSISTENCE_OPTIONS) private readonly options: PersistenceOptions) {
    this.dataSource = new DataSource(
      dataSourceOptions(options, (error) => this.logger.warn(`lost an idle database connection: ${error.message}`)),
    );
  }

  onModuleInit(): void {
    this.opening = this.openUntilItWorks();
  }

  async onApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await this.opening;
    this.isOpen = false;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  /** Settles when the schema is migrated and operations are possible, or when the service is being shut down. */
  whenOpen(): Promise<void> {
    return this.opening;
  }

  /** Throws `unavailable` until the schema is migrated. */
  connected(): DataSource {
    if (!this.isOpen) throw databaseUnavailable();
    return this.dataSource;
  }

  /** For readiness checks: whether the database answers, else why not, without addresses. */
  async connectionState(): Promise<{ readonly ready: boolean; readonly reason: string | null }> {
    try {
      await this.connected().query('SELECT 1');
      return { ready: true, reason: null };
    } catch (error) {
      return { ready: false, reason: toAppError(translatePgError(error)).publicMessage };
    }
  }

  private async openUntilItWorks(): Promise<void> {
    const { signal } = this.shutdown;
    try {
      await retry(() => this.open(), {
        ...reconnect,
        attempts: Number.POSITIVE_INFINITY,
        signal,
        isWorthRetrying: (error) => this.noteFailure(error),
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async open(): Promise<void> {
    if (!this.dataSource.isInitialized) await this.dataSource.initialize();
    await migrate(this.dataSource, this.options.schema);
    this.isOpen = true;
    this.logger.log(`the database is open (schema ${this.options.schema})`);
  }

  private noteFailure(error: unknown): boolean {
    const reason = error instanceof Error ? error.message : String(error);
    // The same reason again and again would only fill the log.
    if (reason !== this.lastReason) this.logger.warn(`cannot open the database, trying on: ${reason}`);
    this.lastReason = reason;
    return !this.shutdown.signal.aborted;
  }
}
