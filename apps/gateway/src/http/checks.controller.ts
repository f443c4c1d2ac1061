import {
  checkIdSchema,
  type CheckRunView,
  checkRunViewSchema,
  type CheckStanding,
  checkStandingSchema,
  checkWaits,
  pageSchema,
  rpcs,
  sessionIdSchema,
} from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';

const { runChecks, listChecks } = rpcs.executor;

@ApiTags('checks')
@Controller('api/workshops/sessions/:id/checks')
export class ChecksController {
  constructor(private readonly rpc: RpcClient) {}

  @Post()
  @HttpCode(200)
  @ApiAnswers({
    status: 200,
    description:
      "Every check of the session's workshop has ended, whatever its end. It may take two and a half minutes.",
    schema: checkRunViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'timeout'],
  })
  runAll(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @FromCaller() caller: Caller,
  ): Promise<CheckRunView> {
    return this.run({ sessionId, checkIds: null }, caller);
  }

  @Post(':checkId')
  @HttpCode(200)
  @ApiAnswers({
    status: 200,
    description: 'The check has ended, whatever its end. It may take two and a half minutes.',
    schema: checkRunViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'timeout'],
  })
  runOne(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Param('checkId', { schema: checkIdSchema }) checkId: string,
    @FromCaller() caller: Caller,
  ): Promise<CheckRunView> {
    return this.run({ sessionId, checkIds: [checkId] }, caller);
  }

  @Get()
  @ApiAnswers({
    status: 200,
    description: "The checks of the session's workshop in its order, with the attempts at them.",
    schema: pageSchema(checkStandingSchema),
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  async list(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @FromCaller() caller: Caller,
  ): Promise<{ items: CheckStanding[]; nextCursor: null }> {
    const { items } = await this.rpc.request(listChecks, { sessionId }, { ...caller, sessionId });
    return { items, nextCursor: null };
  }

  private run(request: { sessionId: string; checkIds: string[] | null }, caller: Caller): Promise<CheckRunView> {
    const timeoutMs = checkWaits.deadlineMs + checkWaits.replyMarginMs;
    return this.rpc.request(runChecks, request, { ...caller, sessionId: request.sessionId, timeoutMs });
  }
}
