import { type CheckDefinition, type Envelope, rpcs } from '@nalabo/contracts';
import { RpcClient } from '@nalabo/messaging';
import { Injectable } from '@nestjs/common';
import type { ResolvedSession } from '../access/state-gate.js';

const keptRevisions = 128;

/** The checks of workshops as the provisioner tells them. A revision never changes, so it is asked for once. */
@Injectable()
export class CheckDefinitions {
  private readonly kept = new Map<string, Promise<readonly CheckDefinition[]>>();

  constructor(private readonly rpc: RpcClient) {}

  of(session: ResolvedSession, envelope: Envelope): Promise<readonly CheckDefinition[]> {
    const name = `${session.workshopId} ${session.workshopRevision}`;
    const known = this.kept.get(name);
    if (known) return known;
    const asked = this.ask(session, envelope);
    this.kept.set(name, asked);
    asked.catch(() => this.kept.delete(name));
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size > keptRevisions) this.kept.delete(oldest);
    return asked;
  }

  private async ask(session: ResolvedSession, envelope: Envelope): Promise<readonly CheckDefinition[]> {
    const { sessionId, workshopId, workshopRevision: revision } = session;
    const { actor, correlationId, id } = envelope;
    const context = { actor, correlationId, causationId: id, sessionId };
    return (await this.rpc.request(rpcs.provisioner.getWorkshopChecks, { workshopId, revision }, context)).checks;
  }
}
