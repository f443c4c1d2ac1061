import { pageSchema, rpcs, type TargetHealth } from '@nalabo/contracts';
import { isRetryable, toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { reportTargets, type TargetReport, targetReportSchema } from './target-report.js';

/** Health is an addition to the list, not worth a long wait. */
const healthMilliseconds = 2_000;

@ApiTags('catalogue')
@Controller('api/targets')
export class TargetsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @ApiAnswers({
    status: 200,
    description: 'The infrastructures that sessions run on; health is null when nobody could say.',
    schema: pageSchema(targetReportSchema),
    problems: ['timeout'],
  })
  async targets(@FromCaller() caller: Caller): Promise<{ items: TargetReport[]; nextCursor: null }> {
    const [targets, healths] = await Promise.all([
      this.rpc.request(rpcs.provisioner.listTargets, {}, caller),
      this.healths(caller),
    ]);
    return { items: reportTargets(targets.items, healths), nextCursor: null };
  }

  private async healths(caller: Caller): Promise<readonly TargetHealth[]> {
    const context = { ...caller, timeoutMs: healthMilliseconds };
    try {
      return (await this.rpc.request(rpcs.monitor.targetHealth, {}, context)).items;
    } catch (thrown) {
      if (isRetryable(toAppError(thrown))) return [];
      throw thrown;
    }
  }
}
