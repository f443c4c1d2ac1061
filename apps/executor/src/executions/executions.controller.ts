import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { CommandRunner } from '../command/command-runner.js';
import { ExecutionReader } from './execution-reader.js';
import { viewOf } from './execution-view.js';

const { runCommand, getExecution, listExecutions } = rpcs.executor;

@Controller()
export class ExecutionsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly runner: CommandRunner,
    private readonly reader: ExecutionReader,
  ) {}

  @HandleRpc(runCommand)
  async run(request: RequestOf<typeof runCommand>, envelope: Envelope): Promise<ReplyOf<typeof runCommand>> {
    return viewOf(await this.runner.run(request, envelope));
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
}
