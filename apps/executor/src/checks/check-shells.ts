import { type CheckDefinition, type Envelope, facts } from '@nalabo/contracts';
import { type ShellRole, TargetRegistry } from '@nalabo/infrastructure-port';
import type { SessionId } from '@nalabo/kernel';
import { FactFeed } from '@nalabo/messaging';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import type { ResolvedSession } from '../access/state-gate.js';
import { type SessionShell, SessionShells } from '../shells/session-shells.js';
import { CheckDefinitions } from './check-definitions.js';

export function roleOf(check: CheckDefinition): ShellRole {
  return check.trusted ? 'checker' : 'learner';
}

/**
 * The shells that checks run in. That of trusted checks is opened before the learner can come, in every executor that may
 * be asked for them: a learner can hold up each exec that begins in a container for seconds, but not one that is open.
 */
@Injectable()
export class CheckShells implements OnModuleInit, OnApplicationShutdown {
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly feed: FactFeed,
    private readonly access: SessionAccess,
    private readonly definitions: CheckDefinitions,
    private readonly shells: SessionShells,
    private readonly targets: TargetRegistry,
  ) {}

  onModuleInit(): void {
    const fact = [facts.sessionReady.fact, facts.sessionRestarted.fact];
    this.unsubscribe = this.feed.subscribeFacts({ fact }, (envelope) => this.openAhead(envelope));
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
  }

  /** One for each role that the checks have. @throws AppError `unavailable` when the session has no running workbench. */
  async open(
    session: ResolvedSession,
    checks: readonly CheckDefinition[],
  ): Promise<ReadonlyMap<ShellRole, SessionShell>> {
    const target = this.targets.get(session.target);
    const ref = { sessionId: session.sessionId as SessionId, generation: session.generation };
    const roles = [...new Set(checks.map(roleOf))];
    const opened = roles.map(async (role) => [role, await this.shells.open({ target, ref, role })] as const);
    return new Map(await Promise.all(opened));
  }

  private async openAhead(envelope: Envelope): Promise<void> {
    if (envelope.sessionId === null) return;
    const session = await this.access.require('use', envelope.sessionId, envelope);
    const checks = await this.definitions.of(session, envelope);
    await this.open(
      session,
      checks.filter(({ trusted }) => trusted),
    );
  }
}
