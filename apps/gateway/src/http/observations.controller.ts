import {
  healthViewSchema,
  metricsViewSchema,
  receiptViewSchema,
  rpcs,
  sessionIdSchema,
  type HealthView,
  type MetricsView,
  type ReceiptView,
} from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';

@ApiTags('sessions')
@Controller('api/workshops/sessions/:id')
export class ObservationsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('metrics')
  @ApiAnswers({
    status: 200,
    description: 'What the session uses, against its limits.',
    schema: metricsViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  metrics(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @FromCaller() caller: Caller,
  ): Promise<MetricsView> {
    return this.rpc.request(rpcs.monitor.sessionMetrics, { sessionId }, { ...caller, sessionId });
  }

  @Get('health')
  @ApiAnswers({
    status: 200,
    description: 'The session as observed just now.',
    schema: healthViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  health(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @FromCaller() caller: Caller,
  ): Promise<HealthView> {
    return this.rpc.request(rpcs.monitor.sessionHealth, { sessionId }, { ...caller, sessionId });
  }

  @Get('receipt')
  @ApiAnswers({
    status: 200,
    description: 'The proof that nothing is left.',
    schema: receiptViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'timeout'],
  })
  receipt(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @FromCaller() caller: Caller,
  ): Promise<ReceiptView> {
    return this.rpc.request(rpcs.cleanup.getReceipt, { sessionId }, { ...caller, sessionId });
  }
}
