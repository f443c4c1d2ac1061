import type { HealthView, ReplyOf, rpcs } from '@nalabo/contracts';
import { TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, type SessionId, systemClock, toAppError } from '@nalabo/kernel';
import { Injectable } from '@nestjs/common';
import { healthOf } from './health-status.js';
import type { ResolvedSession } from './session-lookup.js';

const lookMilliseconds = 5000;

/** One session as its target shows it just now. */
@Injectable()
export class SessionSight {
  constructor(private readonly targets: TargetRegistry) {}

  /** A target that can't be reached is a finding, not an error. */
  async health(session: ResolvedSession): Promise<HealthView> {
    const { sessionId, target: name, generation } = session;
    const shared = { sessionId, checkedAt: systemClock.now().toISOString() };
    try {
      const { observe } = this.targets.get(name);
      const ref = { sessionId: sessionId as SessionId, generation };
      const observation = await observe.observe(ref, AbortSignal.timeout(lookMilliseconds));
      return { ...shared, ...healthOf(observation), target: { name, reachable: true } };
    } catch (error) {
      const reason = toAppError(error).publicMessage;
      return { ...shared, status: 'unknown', reason, services: [], target: { name, reachable: false } };
    }
  }

  /** What is left of a session. @throws AppError `unavailable` when the target can't be listed: that proves nothing. */
  async leftOf(sessionId: string, target: string): Promise<ReplyOf<typeof rpcs.monitor.verifyAbsence>> {
    try {
      const objects = await this.targets.get(target).observe.list(AbortSignal.timeout(lookMilliseconds));
      const left = objects.filter((object) => object.sessionId === sessionId).map(({ kind, name }) => ({ kind, name }));
      return { at: systemClock.now().toISOString(), left };
    } catch (cause) {
      throw new AppError('unavailable', `target ${target} can't be listed: ${toAppError(cause).message}`, {
        cause,
        publicMessage: 'The target cannot be listed.',
        details: { retryAfterSeconds: 5 },
      });
    }
  }
}
