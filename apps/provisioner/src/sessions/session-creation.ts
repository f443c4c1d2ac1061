import type { CreateSession, SessionView } from '@nalabo/contracts';
import { facts } from '@nalabo/contracts';
import { AppError, newSessionId } from '@nalabo/kernel';
import { databaseNow, Transaction } from '@nalabo/persistence';
import type { AdmissionLimits } from '@nalabo/session';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ReconcileLoop } from '../reconcile/reconcile-loop.js';
import { TargetProbes } from '../targets/target-probes.js';
import { WorkshopCatalogue, type CataloguedWorkshop } from '../workshops/workshop-catalogue.js';
import { admit, claimSubnet } from './admission.js';
import { admissionLimits } from './admission-limits.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { type Grant, grant, newSession } from './new-session.js';
import { place, requireOffered } from './placement.js';
import { happening, SessionHistory, type Origin } from './session-history.js';
import { toSessionView } from './session-view.js';
import { SessionEntity } from './session.entity.js';

export interface CreateRequest {
  readonly session: CreateSession;
  readonly idempotency: { readonly key: string; readonly digest: string } | null;
  readonly origin: Origin;
}

/** All that can be found out before anybody has to wait for it. */
interface Choice {
  readonly workshop: CataloguedWorkshop;
  readonly target: ReturnType<typeof place>;
  readonly granted: Grant;
}

/** Accepts a session: everything is checked, then the row, its history and the outgoing fact are committed together. */
@Injectable()
export class SessionCreation {
  constructor(
    private readonly transaction: Transaction,
    private readonly history: SessionHistory,
    private readonly catalogue: WorkshopCatalogue,
    private readonly probes: TargetProbes,
    private readonly loop: ReconcileLoop,
    @Inject(admissionLimits) private readonly limits: AdmissionLimits,
  ) {}

  async create(request: CreateRequest): Promise<{ session: SessionView; replayed: boolean }> {
    const earlier = await this.transaction.run((manager) => this.findEarlier(manager, request));
    if (earlier) return { session: earlier, replayed: true };
    const choice = await this.choose(request);
    const result = await this.transaction.run((manager) => this.commit(manager, request, choice));
    this.loop.wake();
    return result;
  }

  private async choose({ session }: CreateRequest): Promise<Choice> {
    const { workshopId, infrastructureType: type } = session;
    const workshop = await this.catalogue.find(workshopId);
    if (!workshop) {
      throw new AppError('unprocessable', `there is no workshop ${workshopId}`, { details: { field: 'workshopId' } });
    }
    const wish = { workshopTypes: workshop.content.infrastructure, type, target: session.target };
    const target = place(wish, await this.probes.candidates());
    requireOffered(wish, workshopId);
    return { workshop, target, granted: grant(session, workshop.content, target.kind) };
  }

  private async commit(
    manager: EntityManager,
    request: CreateRequest,
    { workshop, target, granted }: Choice,
  ): Promise<{ session: SessionView; replayed: boolean }> {
    const id = newSessionId();
    const now = await databaseNow(manager);
    if (!(await this.claimKey(manager, request, id, now))) {
      const earlier = await this.findEarlier(manager, request);
      if (earlier) return { session: earlier, replayed: true };
    }
    await admit(manager, { ownerId: request.origin.actor.ownerId, target: target.name }, this.limits);
    const row = newSession({
      id,
      request: request.session,
      workshop: workshop.content,
      workshopRevision: workshop.revision,
      target,
      granted,
      actor: request.origin.actor,
      correlationId: request.origin.correlationId,
      subnetIndex: await claimSubnet(manager, target.name),
      now,
    });
    const { ownerId, workshopId, expiryVersion } = row;
    const requested = happening(facts.sessionRequested, {
      ownerId,
      workshopId,
      target: row.target,
      expiresAt: row.expiresAt.toISOString(),
      expiryVersion,
    });
    await this.history.record(manager, row, [requested], { at: now, origin: request.origin });
    await manager.insert(SessionEntity, row);
    return { session: toSessionView(row, now), replayed: false };
  }

  /** False when the key was used before, also by a request that committed a moment ago. */
  private async claimKey(
    manager: EntityManager,
    request: CreateRequest,
    sessionId: string,
    createdAt: Date,
  ): Promise<boolean> {
    if (!request.idempotency) return true;
    const { key, digest } = request.idempotency;
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(IdempotencyKeyEntity)
      .values({ ownerId: request.origin.actor.ownerId, key, digest, sessionId, createdAt })
      .orIgnore()
      .returning('session_id')
      .execute();
    return (inserted.raw as unknown[]).length > 0;
  }

  private async findEarlier(manager: EntityManager, request: CreateRequest): Promise<SessionView | null> {
    if (!request.idempotency) return null;
    const used = await manager.findOneBy(IdempotencyKeyEntity, {
      ownerId: request.origin.actor.ownerId,
      key: request.idempotency.key,
    });
    if (!used) return null;
    if (used.digest !== request.idempotency.digest) {
      throw new AppError('unprocessable', 'the idempotency key was used for another request', {
        details: { field: 'Idempotency-Key' },
      });
    }
    const row = await manager.findOneBy(SessionEntity, { id: used.sessionId });
    return row ? toSessionView(row, await databaseNow(manager)) : null;
  }
}
