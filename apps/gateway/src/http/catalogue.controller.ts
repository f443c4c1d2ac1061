import { pageSchema, rpcs, type TargetHealth, type WorkshopView, workshopViewSchema } from '@nalabo/contracts';
import { isRetryable, toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { type PageQuery, pageQuerySchema } from './query.js';
import { reportTargets, type TargetReport, targetReportSchema } from './target-report.js';

const workshopIdSchema = z.string().regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/);

/** Health is an addition to the list, not worth a long wait. */
const healthMilliseconds = 2_000;

@ApiTags('catalogue')
@Controller('api')
export class CatalogueController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('workshops')
  @ApiAnswers({
    status: 200,
    description: 'Every workshop in its newest revision.',
    schema: pageSchema(workshopViewSchema),
    problems: ['invalid_input', 'timeout'],
  })
  workshops(@Query({ schema: pageQuerySchema }) { cursor, limit }: PageQuery, @FromCaller() caller: Caller) {
    return this.rpc.request(rpcs.provisioner.listWorkshops, { cursor: cursor ?? null, limit }, caller);
  }

  @Get('workshops/:workshopId')
  @ApiAnswers({
    status: 200,
    description: 'The workshop in its newest revision.',
    schema: workshopViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  workshop(
    @Param('workshopId', { schema: workshopIdSchema }) workshopId: string,
    @FromCaller() caller: Caller,
  ): Promise<WorkshopView> {
    return this.rpc.request(rpcs.provisioner.getWorkshop, { workshopId }, caller);
  }

  @Get('targets')
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
