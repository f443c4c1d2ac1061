import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { CommandRunner } from '../command/command-runner.js';
import { ExecutionFinder } from '../live/execution-finder.js';
import { ExecutionReader } from './execution-reader.js';
import { viewOf } from './execution-view.js';

const { runCommand, getExecution, listExecutions, joinExecution, cancelExecution } = rpcs.executor;

@Controller()
export class ExecutionsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly runner: CommandRunner,
    private readonly reader: ExecutionReader,
    private readonly finder: ExecutionFinder,
  ) {}

  @HandleRpc(runCommand)
  run(request: RequestOf<typeof runCommand>, envelope: Envelope): Promise<ReplyOf<typeof runCommand>> {
    return this.runner.run(request, envelope);
  }

  @HandleRpc(getExecution)
  async get(request: RequestOf<typeof getExecution>, envelope: Envelope): Promise<ReplyOf<typeof getExecution>> {
    await this.access.require('read', request.sessionId, envelope);
    return viewOf(await this.reader.get(request.sessionId, request.executionId));
  }

  @HandleRpc(listExecutions)
  async list(request: RequestOf<typeof listExecutions>, envelope: Envelope): Promise<ReplyOf<typeof listExecutions>> {
    await this.access.require('read', request.sessionId, envelope);
    return this.reader.page(request);
  }

  @HandleRpc(joinExecution)
  async join(request: RequestOf<typeof joinExecution>, envelope: Envelope): Promise<ReplyOf<typeof joinExecution>> {
    await this.access.require('read', request.sessionId, envelope);
    return this.finder.join(request, envelope);
  }

  @HandleRpc(cancelExecution)
  async cancel(
    request: RequestOf<typeof cancelExecution>,
    envelope: Envelope,
  ): Promise<ReplyOf<typeof cancelExecution>> {
    await this.access.require('use', request.sessionId, envelope);
    return this.finder.cancel(request, envelope);
  }
}
