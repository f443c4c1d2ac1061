import { toAppError } from '@nalabo/kernel';
import { Database } from '@nalabo/persistence';
import type { ReadinessCheck, ReadinessState } from '@nalabo/service-host';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkshopCatalogue } from './workshop-catalogue.js';
import { parseWorkshopFile } from './workshop-file.js';

/** Injection token of the folder that holds one folder per workshop. */
export const workshopsFolder = Symbol('WorkshopsFolder');

/**
 * Publishes the shipped workshops at start; until that is done the service is not ready. A broken file is reported and
 * leaves the others available.
 */
@Injectable()
export class WorkshopLoader implements OnApplicationBootstrap, ReadinessCheck {
  private readonly logger = new Logger(WorkshopLoader.name);

  private isDone = false;

  constructor(
    private readonly catalogue: WorkshopCatalogue,
    private readonly database: Database,
    @Inject(workshopsFolder) private readonly folder: string,
  ) {}

  onApplicationBootstrap(): void {
    // The database may be away at start; the service must come up all the same.
    void this.database.whenOpen().then(() => this.publishAll());
  }

  connectionState(): ReadinessState {
    return this.isDone ? { ready: true, reason: null } : { ready: false, reason: 'the workshops are being read' };
  }

  private async publishAll(): Promise<void> {
    for await (const name of glob('*/workshop.yaml', { cwd: this.folder })) {
      const file = join(this.folder, name);
      try {
        await this.catalogue.publish(parseWorkshopFile(await readFile(file, 'utf8'), file));
      } catch (error) {
        this.logger.error(`the workshop ${file} is not offered: ${toAppError(error).message}`);
      }
    }
    this.isDone = true;
  }
}
