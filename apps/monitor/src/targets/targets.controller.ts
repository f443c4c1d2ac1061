import { type ReplyOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { TargetHealthStore } from './target-health.store.js';

@Controller()
export class TargetsController {
  constructor(private readonly health: TargetHealthStore) {}

  @HandleRpc(rpcs.monitor.targetHealth)
  async targetHealth(): Promise<ReplyOf<typeof rpcs.monitor.targetHealth>> {
    return { items: await this.health.all() };
  }
}
