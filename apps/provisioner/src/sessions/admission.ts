import { subnetCount } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { lockUntilCommit } from '@nalabo/persistence';
import { refuseAdmission, type AdmissionLimits } from '@nalabo/session';
import type { EntityManager } from 'typeorm';

/** Counts under the locks of owner and target. @throws AppError `exhausted` when a limit is reached. */
export async function admit(
  manager: EntityManager,
  place: { readonly ownerId: string; readonly target: string },
  limits: AdmissionLimits,
): Promise<void> {
  await lockUntilCommit(manager, `provisioner.owner ${place.ownerId}`);
  await lockUntilCommit(manager, `provisioner.target ${place.target}`);
  const [counts] = await manager.query<[Record<'live' | 'creates' | 'waiting', string>]>(
    `select count(*) filter (where owner_id = $1 and state <> 'TERMINATED') as live,
            count(*) filter (where owner_id = $1 and created_at > now() - interval '1 minute') as creates,
            count(*) filter (where target = $2 and state in ('REQUESTED', 'PROVISIONING')) as waiting
       from sessions where state <> 'TERMINATED' or (owner_id = $1 and created_at > now() - interval '1 minute')`,
    [place.ownerId, place.target],
  );
  const refusal = refuseAdmission(
    {
      liveSessionsOfOwner: Number(counts.live),
      createsOfOwnerLastMinute: Number(counts.creates),
      waitingOnTarget: Number(counts.waiting),
    },
    limits,
  );
  if (refusal) throw refusal;
}

/**
 * A subnet of the target that no live session has, under the target's lock until the transaction ends. A random one, so that a subnet that
 * something else on the engine occupies is not tried again and again, and a freed one rests before it is reused.
 */
export async function claimSubnet(manager: EntityManager, target: string): Promise<number> {
  await lockUntilCommit(manager, `provisioner.target ${target}`);
  const [free] = await manager.query<{ index: number }[]>(
    `select index from generate_series(0, $2::int - 1) as index
      where not exists (select from sessions where target = $1 and subnet_index = index)
      order by random() limit 1`,
    [target, subnetCount],
  );
  if (!free)
    throw new AppError('exhausted', `target ${target} has no free subnet`, { details: { retryAfterSeconds: 60 } });
  return free.index;
}
