import type { Limits } from '@nalabo/contracts';
import { type ApplyFacet, type SessionRef, TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, type SessionId } from '@nalabo/kernel';
import { Injectable } from '@nestjs/common';
import { type Asker, SessionAccess } from '../access/session-access.js';
import { refuseByState, type ResolvedSession } from '../access/state-gate.js';

/** Where the configuration of a session goes. */
export interface Place {
  readonly facet: ApplyFacet;
  readonly ref: SessionRef;
  /** Of the whole session. */
  readonly limits: Limits;
}

/** Finds out where a session is that takes configuration. */
@Injectable()
export class ApplyPlaces {
  constructor(
    private readonly access: SessionAccess,
    private readonly targets: TargetRegistry,
  ) {}

  /** @throws AppError `not_found`, `conflict`, `gone`, `unprocessable`, `unavailable`. */
  async require(need: 'apply' | 'kubeconfig', sessionId: string, asker: Asker): Promise<Place> {
    return this.placeOf(need, await this.access.require('use', sessionId, asker));
  }

  private async placeOf(need: 'apply' | 'kubeconfig', session: ResolvedSession): Promise<Place> {
    const refusal = refuseByState(session);
    if (refusal) throw refusal;
    const { sessionId, generation, limits } = session;
    const { apply: facet, describe } = this.targets.get(session.target);
    if (facet) return { facet, ref: { sessionId: sessionId as SessionId, generation }, limits };
    const { [need]: capability } = await describe.capabilities();
    const what = need === 'apply' ? 'takes no configuration' : 'has no kubeconfig';
    throw new AppError('unprocessable', `a session on ${describe.kind} ${what}: ${capability.reason}`);
  }
}
