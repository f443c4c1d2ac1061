import {
  type ApplyConfiguration,
  applyConfigurationSchema,
  type ApplyView,
  applyViewSchema,
  applyWaits,
  rpcs,
  sessionIdSchema,
} from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';

const { runApply, getKubeconfig } = rpcs.executor;

@ApiTags('configuration')
@Controller('api/workshops/sessions/:id')
export class AppliesController {
  constructor(private readonly rpc: RpcClient) {}

  @Post('apply')
  @HttpCode(200)
  @ApiAnswers({
    status: 200,
    description: 'What became of each object of the file, also when some have failed.',
    schema: applyViewSchema,
    problems: ['invalid_input', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  apply(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Body({ schema: applyConfigurationSchema }) body: ApplyConfiguration,
    @FromCaller() caller: Caller,
  ): Promise<ApplyView> {
    const timeoutMs = applyWaits.deadlineMs + applyWaits.replyMarginMs;
    return this.rpc.request(runApply, { sessionId, ...body }, { ...caller, sessionId, timeoutMs });
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
