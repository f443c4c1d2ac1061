import { Transaction } from '@nalabo/persistence';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { metrics, type ObservableCallback } from '@opentelemetry/api';
import { ReceiptStore } from './receipt.store.js';

/** Tells operators how many ended sessions have left something behind. Every replica tells the same number. */
@Injectable()
export class LeakGauge implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly gauge = metrics.getMeter('@nalabo/cleanup').createObservableGauge('nalabo_leaks', {
    description: 'Ended sessions of which something was still there at the last look',
  });

  constructor(
    private readonly transaction: Transaction,
    private readonly receipts: ReceiptStore,
  ) {}

  onApplicationBootstrap(): void {
    this.gauge.addCallback(this.observe);
  }

  onApplicationShutdown(): void {
    this.gauge.removeCallback(this.observe);
  }

  private readonly observe: ObservableCallback = async (result) => {
    result.observe(await this.transaction.run((manager) => this.receipts.countLeaks(manager)));
  };
}
