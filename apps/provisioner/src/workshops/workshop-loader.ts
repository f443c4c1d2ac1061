import type { WorkshopContent } from '@nalabo/contracts';
import { isRetryable, retry, toAppError } from '@nalabo/kernel';
import { Database } from '@nalabo/persistence';
import type { ReadinessCheck, ReadinessState } from '@nalabo/service-host';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { glob, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readWorkshop } from './read-workshop.js';
import { WorkshopCatalogue } from './workshop-catalogue.js';

/** Injection token of the folder that holds one folder per workshop. */
export const workshopsFolder = Symbol('WorkshopsFolder');

/** Without a limit: a workshop that is left out would be missing until the next start. */
const patience = {
  attempts: Number.POSITIVE_INFINITY,
  firstMilliseconds: 250,
  factor: 2,
  maximumMilliseconds: 5000,
};

/**
 * Publishes the shipped workshops at start; until that is done the service is not ready. A broken file is reported and
 * leaves the others available.
 */
@Injectable()
export class WorkshopLoader implements OnApplicationBootstrap, OnApplicationShutdown, ReadinessCheck {
  private readonly logger = new Logger(WorkshopLoader.name);
  private readonly shutdown = new AbortController();

  private isDone = false;

  constructor(
    private readonly catalogue: WorkshopCatalogue,
    private readonly database: Database,
    @Inject(workshopsFolder) private readonly folder: string,
  ) {}

  onApplicationBootstrap(): void {
    // The database may be away at start; the service must come up all the same.
    void this.database
      .whenOpen()
      .then(() => this.publishAll())
      .catch((error: unknown) => {
        if (!this.shutdown.signal.aborted) this.logger.error(`workshops are missing: ${toAppError(error).message}`);
      });
  }

  onApplicationShutdown(): void {
    this.shutdown.abort();
  }

  connectionState(): ReadinessState {
    return this.isDone ? { ready: true, reason: null } : { ready: false, reason: 'the workshops are being read' };
  }

  private async publishAll(): Promise<void> {
    const files = await this.untilItWorks(`read ${this.folder}`, () => this.files());
    const workshops = await Promise.all(files.map((file) => this.read(file)));
    await Promise.all(workshops.flat().map((workshop) => this.publish(workshop)));
    this.isDone = true;
  }

  private async files(): Promise<readonly string[]> {
    // Of a folder that cannot be read the pattern would only say that nothing fits.
    await readdir(this.folder);
    const files: string[] = [];
    for await (const name of glob('*/workshop.yaml', { cwd: this.folder })) files.push(join(this.folder, name));
    return files;
  }

  /** Empty for a broken file: it stays broken until somebody changes it. */
  private async read(file: string): Promise<readonly WorkshopContent[]> {
    try {
      return [await readWorkshop(file)];
    } catch (error) {
      this.logger.error(`the workshop ${file} is not offered: ${toAppError(error).message}`);
      return [];
    }
  }

  private async publish(workshop: WorkshopContent): Promise<void> {
    const { signal } = this.shutdown;
    try {
      const isUsed = await this.untilItWorks(`publish the workshop ${workshop.id}`, () =>
        this.catalogue.ship(workshop),
      );
      if (!isUsed) this.logger.log(`the workshop ${workshop.id} stays as it was made through the API`);
    } catch (error) {
      signal.throwIfAborted();
      this.logger.error(`the workshop ${workshop.id} is not offered: ${toAppError(error).message}`);
    }
  }

  private untilItWorks<T>(purpose: string, attempt: () => Promise<T>): Promise<T> {
    let failures = 0;
    const isWorthRetrying = (thrown: unknown): boolean => {
      const error = toAppError(thrown);
      failures += 1;
      if (failures === 1) this.logger.warn(`cannot ${purpose}: ${error.message}`);
      return isRetryable(error);
    };
    return retry(attempt, { ...patience, signal: this.shutdown.signal, isWorthRetrying });
  }
}
