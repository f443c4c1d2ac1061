import { newId } from '@nalabo/kernel';
import { databaseNow, lockUntilCommit, RowLeases, Transaction, type RowLease } from '@nalabo/persistence';
import { leaseSeconds } from '@nalabo/session';
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { claimSubnet } from '../sessions/admission.js';
import { platformOrigin, SessionHistory } from '../sessions/session-history.js';
import { SessionEntity } from '../sessions/session.entity.js';
import { pause, type Change } from './changes.js';

/** How often a session that waits for its turn to be built asks again. */
const slotPollMilliseconds = 1000;

/** A session that this process may work on until the lease ends. */
export interface Claim {
  readonly row: SessionEntity;
  readonly lease: RowLease;
}

/** The work list is the table: a row whose time has come and that nobody holds. */
@Injectable()
export class SessionClaims {
  private readonly leases = new RowLeases({ table: 'sessions', key: 'id', leaseSeconds }, newId());

  constructor(
    private readonly transaction: Transaction,
    private readonly history: SessionHistory,
  ) {}

  claimDue(limit: number): Promise<readonly Claim[]> {
    return this.transaction.run(async (manager) => {
      const condition = `state <> 'TERMINATED' and next_look_at <= clock_timestamp()`;
      const claimed = await this.leases.claim(manager, { condition, orderBy: 'next_look_at', limit });
      if (claimed.length === 0) return [];
      const rows = await manager.findBy(SessionEntity, { id: In(claimed.map(({ key }) => key)) });
      return claimed.flatMap((lease) => rows.filter(({ id }) => id === lease.key).map((row) => ({ row, lease })));
    });
  }

  /** Milliseconds until the next row is due by the database's clock; null when none is. */
  untilNextDue(): Promise<number | null> {
    return this.transaction.run(async (manager) => {
      const [row] = await manager.query<{ milliseconds: string | null }[]>(
        `select extract(epoch from min(greatest(next_look_at, coalesce(lease_until, next_look_at))) - now()) * 1000 as milliseconds
           from sessions where state <> 'TERMINATED'`,
      );
      return row?.milliseconds == null ? null : Math.max(0, Number(row.milliseconds));
    });
  }

  now(): Promise<Date> {
    return this.transaction.run((manager) => databaseNow(manager));
  }

  /** False when the lease was lost: somebody else works on the session now. */
  renew({ lease }: Claim): Promise<boolean> {
    return this.transaction.run(async (manager) => (await this.leases.renew(manager, lease)) !== undefined);
  }

  /**
   * Saves one step with its history and outgoing facts. The lease is kept when the pass goes on (`now`) and released
   * otherwise; a change of intent in the meantime makes the session due at once. Undefined when the pass is over:
   * the lease was released here or had been lost before.
   */
  save(claim: Claim, wanted: Change): Promise<SessionEntity | undefined> {
    return this.transaction.run(async (manager) => {
      if (!(await this.leases.hold(manager, claim.lease))) return undefined;
      const fresh = await manager.findOneByOrFail(SessionEntity, { id: claim.row.id });
      const now = await databaseNow(manager);
      const isStale = fresh.intentVersion !== claim.row.intentVersion;
      const change = await this.permitted(manager, fresh, wanted, { now, isStale });
      await this.history.record(manager, fresh, change.happenings, { at: now, origin: platformOrigin(fresh) });
      if (leavesBuilding(fresh, change)) await wakeNextInLine(manager, fresh.target);
      const columns: Partial<SessionEntity> = {
        ...change.patch,
        ...(change.freshSubnet ? { subnetIndex: await claimSubnet(manager, fresh.target) } : {}),
        lastSequence: fresh.lastSequence,
        nextLookAt: change.next === 'now' || isStale ? now : change.next,
        ...(change.next === 'now' ? {} : { leaseHolder: null, leaseToken: null, leaseUntil: null }),
      };
      await manager.update(SessionEntity, { id: fresh.id }, columns);
      return change.next === 'now' ? Object.assign(fresh, columns) : undefined;
    });
  }

  /** A decision that was made before the intent changed is not carried out, and building waits for its turn. */
  private async permitted(
    manager: EntityManager,
    fresh: SessionEntity,
    wanted: Change,
    { now, isStale }: { now: Date; isStale: boolean },
  ): Promise<Change> {
    if (isStale && wanted.patch.state !== undefined) return pause(now);
    if (wanted.provisionSlots === undefined) return wanted;
    const isFree = await hasSlot(manager, fresh, wanted.provisionSlots);
    return isFree ? wanted : pause(new Date(now.getTime() + slotPollMilliseconds));
  }
}

function leavesBuilding(fresh: SessionEntity, { patch }: Change): boolean {
  return fresh.state === 'PROVISIONING' && patch.state !== undefined && patch.state !== 'PROVISIONING';
}

/** Decided under the target's lock: the oldest that waits is built first. */
async function hasSlot(manager: EntityManager, row: SessionEntity, slots: number): Promise<boolean> {
  await lockUntilCommit(manager, `provisioner.target ${row.target}`);
  const [ahead] = await manager.query<[{ ahead: number }]>(
    `select count(*)::int as ahead from sessions
      where target = $1 and (state = 'PROVISIONING'
         or (state = 'REQUESTED' and desired = 'present' and (created_at, id) < ($2, $3)))`,
    [row.target, row.createdAt, row.id],
  );
  return ahead.ahead < slots;
}

async function wakeNextInLine(manager: EntityManager, target: string): Promise<void> {
  await manager.query(
    `update sessions set next_look_at = now() where id =
       (select id from sessions where target = $1 and state = 'REQUESTED' order by created_at, id limit 1)`,
    [target],
  );
}
