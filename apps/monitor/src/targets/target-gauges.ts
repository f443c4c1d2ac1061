import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type BatchObservableCallback, metrics } from '@opentelemetry/api';
import { TargetLeases } from './target-leases.js';
import type { TargetFigures } from './summarize.js';

const meter = metrics.getMeter('@nalabo/monitor');

/** The figures of the targets that this process watches. Labels name the target and nothing finer. */
@Injectable()
export class TargetGauges implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly figures = new Map<string, TargetFigures>();
  private readonly orphans = new Map<string, number>();
  private readonly gauges = {
    sessions: meter.createObservableGauge('nalabo_target_sessions', { description: 'Sessions with objects on it' }),
    cpuMillicores: meter.createObservableGauge('nalabo_target_cpu_millicores', { description: 'CPU used by sessions' }),
    memoryBytes: meter.createObservableGauge('nalabo_target_memory_bytes', { description: 'Memory used by sessions' }),
    unreachable: meter.createObservableGauge('nalabo_target_unreachable', {
      description: '1 when it cannot be reached',
    }),
  };
  private readonly orphanGauge = meter.createObservableGauge('nalabo_orphans', {
    description: 'Objects of sessions that are unknown or ended a while ago',
  });

  constructor(private readonly leases: TargetLeases) {}

  onApplicationBootstrap(): void {
    meter.addBatchObservableCallback(this.observe, this.observables());
  }

  onApplicationShutdown(): void {
    meter.removeBatchObservableCallback(this.observe, this.observables());
  }

  show(target: string, figures: TargetFigures): void {
    this.figures.set(target, figures);
  }

  showOrphans(target: string, count: number): void {
    this.orphans.set(target, count);
  }

  private observables() {
    return [...Object.values(this.gauges), this.orphanGauge];
  }

  /** Only of targets whose lease is held: the figures of a target that was lost are another monitor's to publish. */
  private readonly observe: BatchObservableCallback = (result) => {
    for (const { key: target } of this.leases.current()) {
      const figures = this.figures.get(target);
      for (const name of Object.keys(this.gauges) as (keyof TargetFigures)[]) {
        const figure = figures?.[name];
        if (figure !== undefined) result.observe(this.gauges[name], figure, { target });
      }
      const orphans = this.orphans.get(target);
      if (orphans !== undefined) result.observe(this.orphanGauge, orphans, { target });
    }
  };
}
