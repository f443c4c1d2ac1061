import type { Actor, ReplyOf, RequestOf, rpcs, StoredModel } from '@nalabo/contracts';
import type { AppliedModel, ManifestsModel } from '@nalabo/infrastructure-port';
import { retry } from '@nalabo/kernel';
import { databaseNow, RowLeases, Transaction } from '@nalabo/persistence';
import { applyLeaseSeconds } from '@nalabo/session';
import { Injectable } from '@nestjs/common';
import { ReconcileLoop } from '../reconcile/reconcile-loop.js';
import { manifestsOf } from '../sessions/brought-model.js';
import { requireAccess } from '../sessions/session-intent.js';
import { SessionEntity } from '../sessions/session.entity.js';
import { sessionNotFound } from '../sessions/session.store.js';
import { WorkshopCatalogue } from '../workshops/workshop-catalogue.js';
import { applyHolder, hasToEnd, isBusy, refuseApply } from './refuse-apply.js';

type Contracts = typeof rpcs.provisioner;
type BeginRequest = RequestOf<Contracts['beginApply']>;
type BegunApply = ReplyOf<Contracts['beginApply']>;
type EndRequest = RequestOf<Contracts['endApply']>;

const leased = { table: 'sessions', key: 'id', leaseSeconds: applyLeaseSeconds };

/** About three seconds: longer than a look at a session takes, shorter than anybody waits for the refusal. */
const patience = { attempts: 16, firstMilliseconds: 50, factor: 1.5, maximumMilliseconds: 250 };

const claimable = `id = $1 AND state = 'READY' AND desired = 'present' AND expires_at > clock_timestamp()`;

/**
 * Lends the row of a session to an apply, with the lease that the reconciler works under itself: while one holds it, the
 * other waits. So an apply never meets a restart or a removal, and a removal begins when the last apply is over.
 */
@Injectable()
export class SessionApplies {
  private readonly leases = new RowLeases(leased, applyHolder('any'));

  constructor(
    private readonly transaction: Transaction,
    private readonly loop: ReconcileLoop,
    private readonly catalogue: WorkshopCatalogue,
  ) {}

  /** @throws AppError `not_found`, `forbidden`, `conflict`, `gone`. */
  begin(request: BeginRequest, actor: Actor): Promise<BegunApply> {
    return retry(() => this.tryToBegin(request, actor), { ...patience, isWorthRetrying: isBusy });
  }

  /** False when nothing more may be changed: the session has to end, or somebody else has the row. */
  renew(sessionId: string, token: string): Promise<boolean> {
    const lease = { key: sessionId, token };
    return this.transaction.run(async (manager) => {
      if (!(await this.leases.hold(manager, lease))) return false;
      const row = await manager.findOneByOrFail(SessionEntity, { id: sessionId });
      if (hasToEnd(row, await databaseNow(manager))) return false;
      return (await this.leases.renew(manager, lease)) !== undefined;
    });
  }

  /** Gives the row back. True when the session holds the model from now on, also when it did before. */
  async end(request: EndRequest): Promise<boolean> {
    const committed = await this.release(request);
    this.loop.wake();
    return committed;
  }

  private async tryToBegin(request: BeginRequest, actor: Actor): Promise<BegunApply> {
    const { row, token } = await this.lend(request, actor);
    // Outside of the transaction: a workshop may bring much, and its revisions never change.
    const content = await this.catalogue.content(row.workshopId, row.workshopRevision);
    const [current, initial] = [toStored(row.applied), toStored(manifestsOf(row, content))];
    const { appliedBy } = row;
    return { token, leaseSeconds: applyLeaseSeconds, current, appliedBy, initial, images: content.images };
  }

  private lend({ sessionId, applyId }: BeginRequest, actor: Actor): Promise<{ row: SessionEntity; token: string }> {
    const leases = new RowLeases(leased, applyHolder(applyId));
    return this.transaction.run(async (manager) => {
      const claim = { condition: claimable, parameters: [sessionId], orderBy: 'id', limit: 1 };
      const [lease] = await leases.claim(manager, claim);
      const row = await manager.findOneBy(SessionEntity, { id: sessionId });
      if (!row) throw sessionNotFound(sessionId);
      requireAccess(actor, 'use', row);
      if (!lease) throw refuseApply(row, await databaseNow(manager));
      // Whoever comes after a lease that was never given back knows by this that something may be half-made.
      await manager.update(SessionEntity, { id: row.id }, { unsettledBy: row.unsettledBy ?? applyId });
      return { row, token: lease.token };
    });
  }

  private release({ sessionId, applyId, token, outcome }: EndRequest): Promise<boolean> {
    const lease = { key: sessionId, token };
    return this.transaction.run(async (manager) => {
      const isHeld = await this.leases.hold(manager, lease);
      const row = await manager.findOneBy(SessionEntity, { id: sessionId });
      if (!row) throw sessionNotFound(sessionId);
      if (!isHeld) return outcome.kind === 'applied' && row.appliedBy === applyId;
      const now = await databaseNow(manager);
      const change = hasToEnd(row, now) ? {} : settled(row, applyId, outcome);
      await manager.update(SessionEntity, { id: sessionId }, { ...change, nextLookAt: now });
      await this.leases.release(manager, lease);
      return 'appliedBy' in change;
    });
  }
}

function settled(row: SessionEntity, applyId: string, outcome: EndRequest['outcome']): Partial<SessionEntity> {
  switch (outcome.kind) {
    case 'applied':
      return { applied: toApplied(outcome.model), appliedBy: applyId, unsettledBy: null };
    case 'unchanged':
      return row.unsettledBy === applyId ? { unsettledBy: null } : {};
    case 'unsettled':
      return {};
  }
}

/** The executor and this service share the type; on its way between them a model is any JSON. */
function toApplied(model: StoredModel | null): AppliedModel | null {
  return model as AppliedModel | null;
}

function toStored(model: AppliedModel | ManifestsModel | null): StoredModel | null {
  return model === null ? null : { ...model };
}
