import {
  type CreatedTicket,
  createdTicketSchema,
  type CreateTicket,
  createTicketSchema,
  rpcs,
  sessionIdSchema,
  terminalIdSchema,
  terminalProtocol,
  type TerminalView,
  terminalViewSchema,
} from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Caller, FromCaller } from '../edge/caller.js';
import { TerminalPassStore } from '../terminal/terminal-pass.store.js';
import { ApiAnswers } from './api-documentation.js';

const { listTerminals, endTerminal } = rpcs.executor;

@ApiTags('terminals')
@Controller('api/workshops/sessions/:id')
export class TerminalsController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly passes: TerminalPassStore,
  ) {}

  @Post('terminal/tickets')
  @ApiAnswers({
    status: 201,
    description:
      'A ticket for one WebSocket to GET …/terminal, or for the page /terminal/{id}#ticket=…. It is good for 30 seconds.',
    schema: createdTicketSchema,
    problems: ['invalid_input', 'forbidden', 'not_found', 'conflict', 'gone', 'timeout'],
  })
  async createTicket(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Body({ schema: createTicketSchema }) body: CreateTicket,
    @FromCaller() caller: Caller,
  ): Promise<CreatedTicket> {
    const { actor } = caller;
    const { mode, terminalId = null } = body;
    // Asked in any case: it refuses who may not use the session, and a session that is not ready.
    const { items } = await this.rpc.request(listTerminals, { sessionId }, { ...caller, sessionId });
    if (mode === 'watch' && actor.role === 'learner') {
      throw new AppError('forbidden', 'Watching needs the role instructor or admin.');
    }
    if (terminalId !== null && !items.some((terminal) => terminal.terminalId === terminalId)) {
      throw new AppError('not_found', 'The session has no such open terminal.');
    }
    const { text, expiresAt } = await this.passes.issue('ticket', { sessionId, terminalId, mode, actor });
    return { ticket: text, expiresAt: expiresAt.toISOString() };
  }

  /** What is no WebSocket arrives here; the others are taken by the terminal endpoint. */
  @Get('terminal')
  @ApiAnswers({
    status: 101,
    description: [
      `A WebSocket with the subprotocol ${terminalProtocol}, and ticket.<ticket> or resume.<token> as another one; it takes`,
      'no API key. The address may name columns, rows, and the offset of the output that the client has already.',
    ].join(' '),
    problems: ['invalid_input', 'forbidden', 'not_found'],
  })
  connect(): never {
    throw new AppError('invalid_input', 'A terminal is a WebSocket.');
  }

  @Get('terminals')
  @ApiAnswers({
    status: 200,
    description: 'The open terminals, oldest first.',
    schema: z.object({ items: z.array(terminalViewSchema) }),
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'timeout'],
  })
  list(@Param('id', { schema: sessionIdSchema }) sessionId: string, @FromCaller() caller: Caller) {
    return this.rpc.request(listTerminals, { sessionId }, { ...caller, sessionId });
  }

  @Delete('terminals/:terminalId')
  @ApiAnswers({
    status: 200,
    description: 'The terminal, which has ended with everything that ran in it. Twice is success.',
    schema: terminalViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  end(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Param('terminalId', { schema: terminalIdSchema }) terminalId: string,
    @FromCaller() caller: Caller,
  ): Promise<TerminalView> {
    return this.rpc.request(endTerminal, { sessionId, terminalId }, { ...caller, sessionId });
  }
}
