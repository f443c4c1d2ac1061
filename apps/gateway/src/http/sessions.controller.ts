import {
  type CreateSession,
  createSessionSchema,
  type ExtendSession,
  extendSessionSchema,
  pageSchema,
  rpcs,
  sessionIdSchema,
  type SessionView,
  sessionViewSchema,
} from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { closeSignal } from './close-signal.js';
import { readIdempotency } from './idempotency.js';
import { preferredWaitSeconds } from './prefer.js';
import { type SessionsQuery, sessionsQuerySchema } from './query.js';
import { SessionWait } from './session-wait.js';

const { createSession, listSessions, getSession, deleteSession, extendSession } = rpcs.provisioner;

@ApiTags('sessions')
@Controller('api/workshops/sessions')
export class SessionsController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly wait: SessionWait,
  ) {}

  @Post()
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: 'wait=N: answer when the session is ready, or after N seconds',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'the same key and body create one session' })
  @ApiAnswers({
    status: 201,
    description: 'The session is accepted; Location names it.',
    schema: sessionViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'unprocessable', 'timeout'],
  })
  async create(
    @Body({ schema: createSessionSchema }) body: CreateSession,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const idempotency = readIdempotency(request.headers['idempotency-key']?.toString(), body);
    const { session } = await this.rpc.request(createSession, { session: body, idempotency }, caller);
    void reply.header('location', `/api/workshops/sessions/${session.id}`);
    const seconds = preferredWaitSeconds(request.headers['prefer']);
    if (seconds === undefined) return session;
    void reply.header('preference-applied', `wait=${seconds}`);
    return this.wait.untilSettled(session, { seconds, caller, signal: closeSignal(reply) });
  }

  @Get()
  @ApiAnswers({
    status: 200,
    description: 'Newest first.',
    schema: pageSchema(sessionViewSchema),
    problems: ['invalid_input', 'timeout'],
  })
  list(@Query({ schema: sessionsQuerySchema }) query: SessionsQuery, @FromCaller() caller: Caller) {
    const { cursor, limit, state } = query;
    return this.rpc.request(listSessions, { cursor: cursor ?? null, limit, state: state ?? null }, caller);
  }

  @Get(':id')
  @ApiAnswers({
    status: 200,
    description: 'The session.',
    schema: sessionViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  get(@Param('id', { schema: sessionIdSchema }) sessionId: string, @FromCaller() caller: Caller): Promise<SessionView> {
    return this.rpc.request(getSession, { sessionId }, { ...caller, sessionId });
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiAnswers({
    status: 202,
    description: 'The session ends. Legal in every state; twice is success.',
    schema: sessionViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  end(@Param('id', { schema: sessionIdSchema }) sessionId: string, @FromCaller() caller: Caller): Promise<SessionView> {
    return this.rpc.request(deleteSession, { sessionId }, { ...caller, sessionId });
  }

  @Post(':id/extend')
  @HttpCode(200)
  @ApiAnswers({
    status: 200,
    description: 'The session with its new end.',
    schema: sessionViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'unprocessable', 'timeout'],
  })
  extend(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Body({ schema: extendSessionSchema }) { duration }: ExtendSession,
    @FromCaller() caller: Caller,
  ): Promise<SessionView> {
    return this.rpc.request(extendSession, { sessionId, duration }, { ...caller, sessionId });
  }
}
