import {
  commandWaits,
  type ExecuteCommand,
  executeCommandSchema,
  executionIdSchema,
  executionViewSchema,
  pageSchema,
  rpcs,
  sessionIdSchema,
} from '@nalabo/contracts';
import { AppError, newExecutionId, toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import {
  type ExecuteResult,
  executeResultSchema,
  executionTextSchema,
  toExecuteResult,
  toExecutionText,
  toRunCommand,
} from './execution-text.js';
import { type EncodingQuery, encodingQuerySchema, type ExecutionsQuery, executionsQuerySchema } from './query.js';

const { runCommand, getExecution, listExecutions } = rpcs.executor;

@ApiTags('executions')
@Controller('api/workshops/sessions/:id')
export class ExecutionsController {
  constructor(private readonly rpc: RpcClient) {}

  @Post('execute')
  @HttpCode(200)
  @ApiAnswers({
    status: 200,
    description: 'The command has ended, whatever its end.',
    schema: executeResultSchema,
    problems: ['invalid_input', 'forbidden', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  async execute(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Body({ schema: executeCommandSchema }) body: ExecuteCommand,
    @FromCaller() caller: Caller,
  ): Promise<ExecuteResult> {
    const executionId = newExecutionId();
    const command = toRunCommand({ sessionId, executionId, wait: true, live: false, idempotency: null }, body);
    const context = { ...caller, sessionId, timeoutMs: body.timeout + commandWaits.replyMarginMs };
    try {
      return toExecuteResult(await this.rpc.request(runCommand, command, context), body.encoding);
    } catch (thrown) {
      throw nameExecution(thrown, executionId);
    }
  }

  @Get('executions')
  @ApiAnswers({
    status: 200,
    description: 'Newest first, without their output.',
    schema: pageSchema(executionViewSchema.omit({ stdout: true, stderr: true })),
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  list(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Query({ schema: executionsQuerySchema }) query: ExecutionsQuery,
    @FromCaller() caller: Caller,
  ) {
    const { cursor, limit, state, outcome } = query;
    const asked = { sessionId, cursor: cursor ?? null, limit, state: state ?? null, outcome: outcome ?? null };
    return this.rpc.request(listExecutions, asked, { ...caller, sessionId });
  }

  @Get('executions/:executionId')
  @ApiAnswers({
    status: 200,
    description: 'The execution with the output that was kept.',
    schema: executionTextSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  async get(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Param('executionId', { schema: executionIdSchema }) executionId: string,
    @Query({ schema: encodingQuerySchema }) { encoding }: EncodingQuery,
    @FromCaller() caller: Caller,
  ) {
    const view = await this.rpc.request(getExecution, { sessionId, executionId }, { ...caller, sessionId });
    return toExecutionText(view, encoding);
  }
}

/** A client that got no answer in time can still ask what became of its command. */
function nameExecution(thrown: unknown, executionId: string): AppError {
  const error = toAppError(thrown);
  if (error.kind !== 'timeout') return error;
  const publicMessage = `The command did not answer in time; what became of it is told by execution ${executionId}.`;
  return new AppError('timeout', error.message, { cause: error, publicMessage });
}
