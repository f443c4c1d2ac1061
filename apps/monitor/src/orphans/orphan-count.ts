import { rpcs } from '@nalabo/contracts';
import { type OwnedObject, TargetRegistry } from '@nalabo/infrastructure-port';
import { newId, systemClock } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Injectable } from '@nestjs/common';
import { monitorActor } from '../monitor-actor.js';
import { findOrphans, type KnownSession } from './find-orphans.js';

const listMilliseconds = 10_000;
const pageSize = 500;

/**
 * Counts what is left on targets although nobody has it in their books any more: a target that was away while its
 * sessions ended, or a clean-up that went wrong. It is only reported; removing is the provisioner's.
 */
@Injectable()
export class OrphanCount {
  constructor(
    private readonly rpc: RpcClient,
    private readonly targets: TargetRegistry,
  ) {}

  /** @throws AppError when the target can't be listed or the provisioner doesn't answer. */
  async count(target: string): Promise<number> {
    const listed = await this.targets.get(target).observe.list(AbortSignal.timeout(listMilliseconds));
    const orphans: readonly OwnedObject[] = findOrphans(listed, await this.knownSessions(), systemClock.now());
    return orphans.length;
  }

  private async knownSessions(): Promise<readonly KnownSession[]> {
    const known: KnownSession[] = [];
    const context = { actor: monitorActor, correlationId: newId() };
    let cursor: string | null = null;
    do {
      const request: { cursor: string | null; limit: number } = { cursor, limit: pageSize };
      const page = await this.rpc.request(rpcs.provisioner.listDeadlines, request, context);
      for (const { sessionId, ended } of page.items) {
        known.push({ sessionId, endedAt: ended === null ? null : new Date(ended.at) });
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    return known;
  }
}
