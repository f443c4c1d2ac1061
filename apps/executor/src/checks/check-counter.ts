import type { CheckOutcome } from '@nalabo/contracts';
import { Injectable } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';

/** Counts the ends of attempts, from which operators see how many succeed at each step of a workshop. */
@Injectable()
export class CheckCounter {
  private readonly counter = metrics.getMeter('@nalabo/executor').createCounter('nalabo_checks', {
    description: 'Attempts at checks that have ended',
  });

  /** The names come from workshop files and so are few. */
  count(ended: { readonly workshopId: string; readonly checkId: string; readonly outcome: CheckOutcome }): void {
    this.counter.add(1, { workshop: ended.workshopId, check: ended.checkId, outcome: ended.outcome });
  }
}
