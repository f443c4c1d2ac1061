import { executionIdSchema, executionViewSchema, pageSchema, rpcs, sessionIdSchema } from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Controller, Delete, Get, HttpCode, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { closeSignal } from './close-signal.js';
import { eventStream } from './execution-stream/event-stream.js';
import { ExecutionStreams } from './execution-stream/execution-streams.js';
import { toEvents } from './execution-stream/frame-event.js';
import { lastEventId } from './execution-stream/last-event-id.js';
import { executionTextSchema, toExecutionText } from './execution-text.js';
import {
  type EncodingQuery,
  encodingQuerySchema,
  type ExecutionsQuery,
  executionsQuerySchema,
  type StreamQuery,
  streamQuerySchema,
} from './query.js';

const { getExecution, listExecutions, cancelExecution } = rpcs.executor;

const executionPathSchema = z.object({ id: sessionIdSchema, executionId: executionIdSchema });
type ExecutionPath = z.output<typeof executionPathSchema>;

@ApiTags('executions')
@Controller('api/workshops/sessions/:id/executions')
export class ExecutionsController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly streams: ExecutionStreams,
  ) {}

  @Get()
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
    const question = { sessionId, cursor: cursor ?? null, limit, state: state ?? null, outcome: outcome ?? null };
    return this.rpc.request(listExecutions, question, { ...caller, sessionId });
  }

  @Get(':executionId')
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

  @Delete(':executionId')
  @HttpCode(202)
  @ApiAnswers({
    status: 202,
    description: 'The execution, its command and everything it started ended; one that had ended before is as it was.',
    schema: executionTextSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  async cancel(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Param('executionId', { schema: executionIdSchema }) executionId: string,
    @Query({ schema: encodingQuerySchema }) { encoding }: EncodingQuery,
    @FromCaller() caller: Caller,
  ) {
    const view = await this.rpc.request(cancelExecution, { sessionId, executionId }, { ...caller, sessionId });
    return toExecutionText(view, encoding);
  }

  @Get(':executionId/stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'the events behind this one are sent' })
  @ApiAnswers({
    status: 200,
    description: 'The events of the execution as `execute` streams them, from the first or behind a known one.',
    mediaType: 'text/event-stream',
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  @ApiResponse({ status: 204, description: 'The execution has ended and nothing is behind the known event.' })
  async stream(
    @Param({ schema: executionPathSchema }) { id: sessionId, executionId }: ExecutionPath,
    @Query({ schema: streamQuerySchema }) { after, encoding }: StreamQuery,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AsyncGenerator<string> | undefined> {
    const last = lastEventId(reply.request.headers['last-event-id']?.toString()) ?? after;
    const execution = { sessionId, executionId, after: last, caller, signal: closeSignal(reply) };
    const frames = await this.streams.join(execution);
    if (frames) return eventStream(reply, toEvents(frames, executionId, encoding), this.streams.stopSignal);
    void reply.status(204);
    return undefined;
  }
}
