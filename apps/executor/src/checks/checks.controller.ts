import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { CheckDefinitions } from './check-definitions.js';
import { CheckRunner } from './check-runner.js';
import { standingOf } from './check-view.js';
import { CheckStore } from './check.store.js';

const { runChecks, listChecks } = rpcs.executor;

@Controller()
export class ChecksController {
  constructor(
    private readonly access: SessionAccess,
    private readonly definitions: CheckDefinitions,
    private readonly runner: CheckRunner,
    private readonly store: CheckStore,
  ) {}

  @HandleRpc(runChecks)
  run(request: RequestOf<typeof runChecks>, envelope: Envelope): Promise<ReplyOf<typeof runChecks>> {
    return this.runner.run(request, envelope);
  }

  @HandleRpc(listChecks)
  async list({ sessionId }: RequestOf<typeof listChecks>, envelope: Envelope): Promise<ReplyOf<typeof listChecks>> {
    const session = await this.access.require('read', sessionId, envelope);
    const checks = await this.definitions.of(session, envelope);
    const summaries = new Map((await this.store.summaries(sessionId)).map((summary) => [summary.checkId, summary]));
    return { items: checks.map((check) => standingOf(check, summaries.get(check.id))) };
  }
}
