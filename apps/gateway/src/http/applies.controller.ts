import {
  type ApplyConfiguration,
  applyConfigurationSchema,
  applySummarySchema,
  type ApplyView,
  applyViewSchema,
  applyWaits,
  pageSchema,
  rpcs,
  sessionIdSchema,
} from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { readIdempotency } from './idempotency.js';
import { type PageQuery, pageQuerySchema } from './query.js';

const { runApply, listApplies, rollbackApply, getKubeconfig } = rpcs.executor;

const timeoutMs = applyWaits.deadlineMs + applyWaits.replyMarginMs;

const applyPathSchema = z.object({ id: sessionIdSchema, applyId: z.uuid() });
type ApplyPath = z.output<typeof applyPathSchema>;

@ApiTags('configuration')
@Controller('api/workshops/sessions/:id')
export class AppliesController {
  constructor(private readonly rpc: RpcClient) {}

  @Post('apply')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'the same key and body apply once' })
  @ApiAnswers({
    status: 200,
    description:
      'What became of each object of the file, also when some have failed. A file that breaks rules is refused with the ' +
      'code policy_violation and every rule that it breaks, and nothing is changed.',
    schema: applyViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  apply(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Body({ schema: applyConfigurationSchema }) body: ApplyConfiguration,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ApplyView> {
    const idempotency = readIdempotency(keyOf(request), { sessionId, ...body });
    return this.rpc.request(runApply, { sessionId, ...body, idempotency }, { ...caller, sessionId, timeoutMs });
  }

  @Get('applies')
  @ApiAnswers({
    status: 200,
    description: 'Newest first: who applied what, and what became of it.',
    schema: pageSchema(applySummarySchema),
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  list(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Query({ schema: pageQuerySchema }) { cursor, limit }: PageQuery,
    @FromCaller() caller: Caller,
  ) {
    return this.rpc.request(listApplies, { sessionId, cursor: cursor ?? null, limit }, { ...caller, sessionId });
  }

  @Post('applies/:applyId/rollback')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'the same key rolls back once' })
  @ApiAnswers({
    status: 200,
    description: 'The session holds again what it held before this apply, by an apply of its own.',
    schema: applyViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  rollback(
    @Param({ schema: applyPathSchema }) { id: sessionId, applyId }: ApplyPath,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ApplyView> {
    const idempotency = readIdempotency(keyOf(request), { sessionId, rollbackOf: applyId });
    return this.rpc.request(rollbackApply, { sessionId, applyId, idempotency }, { ...caller, sessionId, timeoutMs });
  }

  @Get('kubeconfig')
  @Header('content-type', 'application/yaml')
  @Header('cache-control', 'no-store')
  @ApiAnswers({
    status: 200,
    description: "For the learner's own kubectl. It holds a credential.",
    mediaType: 'application/yaml',
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  async kubeconfig(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @FromCaller() caller: Caller,
  ): Promise<string> {
    const { kubeconfig } = await this.rpc.request(getKubeconfig, { sessionId }, { ...caller, sessionId });
    return kubeconfig;
  }
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  return headers['idempotency-key']?.toString();
}
