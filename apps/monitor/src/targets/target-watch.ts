import { toAppError } from '@nalabo/kernel';
import { BackgroundLoop, Database, type RowLease } from '@nalabo/persistence';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { OrphanCount } from '../orphans/orphan-count.js';
import { UsageStore } from '../usage/usage.store.js';
import { TargetGauges } from './target-gauges.js';
import { TargetLeases } from './target-leases.js';
import { TargetSweep } from './target-sweep.js';

const second = 1000;
const minute = 60 * second;

/** Looks at the targets again and again. A failing target or a database that is away only makes the picture older. */
@Injectable()
export class TargetWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TargetWatch.name);
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly leases: TargetLeases,
    private readonly targetSweep: TargetSweep,
    private readonly orphans: OrphanCount,
    private readonly gauges: TargetGauges,
    usage: UsageStore,
    private readonly database: Database,
  ) {
    this.loops = [
      this.loop('sample the targets', 10 * second, () => this.sampleAll()),
      this.loop('count orphans', minute, () => this.countAllOrphans()),
      this.loop('remove old samples', 10 * minute, () => usage.prune()),
    ];
  }

  onApplicationBootstrap(): void {
    void this.database.whenOpen().then(() => this.loops.forEach((loop) => loop.start()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.leases.release().catch((error: unknown) => this.complain('release the targets', error));
  }

  private async sampleAll(): Promise<boolean> {
    await this.eachOf(await this.leases.refresh(), 'sample', async (lease) => {
      this.gauges.show(lease.key, await this.targetSweep.sweep(lease));
    });
    return false;
  }

  private async countAllOrphans(): Promise<boolean> {
    await this.eachOf(this.leases.current(), 'count the orphans of', async ({ key }) => {
      this.gauges.showOrphans(key, await this.orphans.count(key));
    });
    return false;
  }

  /** One target's failure is not another's. */
  private async eachOf(
    leases: readonly RowLease[],
    attempt: string,
    look: (lease: RowLease) => Promise<void>,
  ): Promise<void> {
    const looks = leases.map((lease) =>
      look(lease).catch((error: unknown) => this.complain(`${attempt} target ${lease.key}`, error)),
    );
    await Promise.all(looks);
  }

  private loop(purpose: string, intervalMilliseconds: number, pass: () => Promise<boolean>): BackgroundLoop {
    return new BackgroundLoop({
      pass,
      intervalMilliseconds,
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: intervalMilliseconds },
      onFailure: (error, failures) => {
        if (failures === 1) this.complain(purpose, error);
      },
    });
  }

  private complain(attempt: string, error: unknown): void {
    this.logger.warn(`cannot ${attempt}: ${toAppError(error).message}`);
  }
}
