import { databaseNow, Transaction } from '@nalabo/persistence';
import { leaseMilliseconds } from '@nalabo/session';
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { claimSubnet, lockName } from '../sessions/admission.js';
import { SessionHistory } from '../sessions/session-history.js';
import { SessionEntity } from '../sessions/session.entity.js';
import { pause, type Change } from './changes.js';

/** How often a session that waits for its turn to be built asks again. */
const slotPollMilliseconds = 250;

/** A session that this process may work on until the lease ends. */
export interface Claim {
  readonly row: SessionEntity;
  readonly token: string;
}

/** The work list is the table: a row whose time has come and that nobody holds. */
@Injectable()
export class SessionClaims {
  constructor(
    private readonly transaction: Transaction,
    private readonly history: SessionHistory,
  ) {}

  claimDue(holder: string, limit: number): Promise<readonly Claim[]> {
    return this.transaction.run(async (manager) => {
      const [claimed] = await manager.query<[{ id: string }[], number]>(
        `update sessions
            set lease_holder = $1, lease_token = gen_random_uuid(), lease_until = now() + $2 * interval '1 millisecond'
          where id in (select id from sessions
                        where state <> 'TERMINATED' and next_look_at <= now() and (lease_until is null or lease_until <= now())
                        order by next_look_at limit $3 for update skip locked)
          returning id`,
        [holder, leaseMilliseconds, limit],
      );
      if (claimed.length === 0) return [];
      const rows = await manager.findBy(SessionEntity, { id: In(claimed.map(({ id }) => id)) });
      return rows.flatMap((row) => (row.leaseToken === null ? [] : [{ row, token: row.leaseToken }]));
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
  renew(claim: Claim): Promise<boolean> {
    return this.transaction.run(async (manager) => {
      const [, renewed] = await manager.query<[unknown[], number]>(
        `update sessions set lease_until = now() + $3 * interval '1 millisecond' where id = $1 and lease_token = $2`,
        [claim.row.id, claim.token, leaseMilliseconds],
      );
      return renewed > 0;
    });
  }

  /**
   * Saves one step with its history and outgoing facts. The lease is kept when the pass goes on (`now`) and released
   * otherwise; a change of intent in the meantime makes the session due at once. Undefined when the pass is over:
   * the lease was released here or had been lost before.
   */
  save(claim: Claim, wanted: Change): Promise<SessionEntity | undefined> {
    return this.transaction.run(async (manager) => {
      const fresh = await manager.findOne(SessionEntity, {
        where: { id: claim.row.id, leaseToken: claim.token },
        lock: { mode: 'pessimistic_write' },
      });
      if (!fresh) return undefined;
      const now = await databaseNow(manager);
      const slotFree = await hasSlot(manager, fresh, wanted.provisionSlots);
      const change = slotFree ? wanted : pause(new Date(now.getTime() + slotPollMilliseconds));
      const isStale = fresh.intentVersion !== claim.row.intentVersion;
      await this.history.record(manager, fresh, change.happenings, now);
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
}

async function hasSlot(manager: EntityManager, row: SessionEntity, slots: number | undefined): Promise<boolean> {
  if (slots === undefined) return true;
  await lockName(manager, `target:${row.target}`);
  return (await manager.countBy(SessionEntity, { target: row.target, state: 'PROVISIONING' })) < slots;
}
