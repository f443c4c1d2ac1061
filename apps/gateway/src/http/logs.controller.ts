import { sessionIdSchema } from '@nalabo/contracts';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { closeSignal } from './close-signal.js';
import { type ServiceLogQuery, serviceLogQuerySchema } from './query.js';
import { LogStreams } from './service-log/log-streams.js';
import { textStream } from './service-log/text-stream.js';
import { ClientStream } from './stream/client-stream.js';

@ApiTags('configuration')
@Controller('api/workshops/sessions/:id')
export class LogsController {
  constructor(private readonly logs: LogStreams) {}

  @Get('logs')
  @ApiAnswers({
    status: 200,
    description:
      'What a service that was applied has written, standard output and standard error as they came. With follow it goes ' +
      'on until the service or the session ends; an answer that breaks off may miss something behind its last line.',
    mediaType: 'text/plain',
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  async read(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Query({ schema: serviceLogQuerySchema }) { service, tail, follow }: ServiceLogQuery,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AsyncGenerator<string>> {
    const order = { sessionId, service, tail, follow: follow === 'true' };
    const pieces = await this.logs.open(order, { caller, signal: closeSignal(reply) });
    return textStream(pieces, new ClientStream(reply, 'text/plain; charset=utf-8', this.logs.stopSignal));
  }
}
