import type { Observation } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { maximumAttempts } from '@nalabo/session';
import { describe, expect, it } from 'vitest';
import type { SessionEntity } from '../sessions/session.entity.js';
import {
  destroyed,
  destroyFailed,
  ensured,
  ensureFailed,
  restoreFailed,
  toReady,
  toTerminated,
  toTerminating,
  unseen,
  waiting,
} from './changes.js';

const now = new Date('2026-01-01T12:00:00Z');
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const row = (fields: Partial<SessionEntity> = {}): SessionEntity =>
  ({
    id: 'a'.repeat(26),
    ownerId: 'alice',
    target: 't',
    targetKind: 'docker',
    state: 'PROVISIONING',
    reason: null,
    attempt: 0,
    restarts: 0,
    retryAt: null,
    unsettledBy: null,
    lastError: null,
    objects: [],
    removed: [],
    storage: null,
    createdAt: at(-2),
    ...fields,
  }) as SessionEntity;

const seen = (readiness: 'pending' | 'ready'): Observation => ({
  presence: 'present',
  readiness,
  reason: null,
  generation: 1,
  objects: [],
  storage: { requested: '1Gi', enforced: false, reason: 'no quota' },
  endpoints: [],
  services: [],
  steps: [{ step: 'network', status: 'done', durationMs: 5 }],
});

describe('changes of a session', () => {
  it('go on at once when ensure left the session ready, and look again soon otherwise', () => {
    expect(ensured(row(), seen('ready'), now)).toMatchObject({
      next: 'now',
      patch: { progress: [{ step: 'network' }] },
    });
    expect(ensured(row(), seen('pending'), now).next).toEqual(at(0.5));
  });

  it('forget the pause of a restart that worked', () => {
    expect(ensured(row({ state: 'READY', retryAt: at(-1) }), seen('ready'), now).patch).toMatchObject({
      retryAt: null,
    });
    expect(waiting(row({ state: 'READY', retryAt: at(9) }), at(5), seen('ready')).patch).toEqual({
      retryAt: null,
      stateDeadlineAt: null,
      lastError: null,
      endpoints: [],
    });
  });

  it('know that what an apply has left half-made is restored only when the workbench is seen well after it', () => {
    const left = row({ state: 'READY', unsettledBy: 'apply', attempt: 2, retryAt: at(-1) });
    expect(ensured(left, seen('ready'), now).patch).toMatchObject({ unsettledBy: null, attempt: 0, retryAt: null });
    expect(ensured(left, seen('pending'), now).patch).not.toHaveProperty('unsettledBy');
    expect(waiting({ ...left, retryAt: at(9) }, at(9), seen('ready')).patch).toEqual({});
  });

  it('know that what a workshop brings is there only when ensure has left the session ready', () => {
    const fresh = row({ state: 'PROVISIONING', unsettledBy: 'creation' });
    expect(ensured(fresh, seen('ready'), now).patch).toMatchObject({ unsettledBy: null });
    expect(ensured(fresh, seen('pending'), now).patch).not.toHaveProperty('unsettledBy');
  });

  it('try to restore what was applied again and again, less and less often, and end no session for it', () => {
    const left = row({ state: 'READY', unsettledBy: 'apply', restarts: 1 });
    const refused = new AppError('unprocessable', 'no such image');
    expect(restoreFailed(left, refused, now)).toMatchObject({ patch: { attempt: 1, retryAt: at(1) }, next: at(1) });
    expect(restoreFailed({ ...left, attempt: 50 }, refused, now).next).toEqual(at(60));
    expect(restoreFailed(left, new AppError('unavailable', 'away'), now).patch).not.toHaveProperty('attempt');
  });

  it.each([
    ['unavailable', 0, at(2)],
    ['timeout', 0, at(2)],
    ['exhausted', 1, at(1)],
    ['internal', 1, at(1)],
    ['conflict', maximumAttempts + 1, now],
    ['invalid_input', maximumAttempts + 1, now],
  ] as const)('count a failed attempt after %s as %i', (kind, attempt, next) => {
    const change = ensureFailed(row(), new AppError(kind, 'why'), now);
    expect({ attempt: change.patch.attempt ?? 0, next: change.next }).toEqual({ attempt, next });
    expect(change.patch.lastError).toBe(kind === 'internal' ? 'An internal error occurred.' : 'why');
  });

  it('take another subnet when something else occupies the first', () => {
    const taken = new AppError('conflict', 'overlap', { details: { subnet: '10.213.0.0/28' } });
    expect(ensureFailed(row(), taken, now)).toMatchObject({ freshSubnet: true, patch: { attempt: 1 }, next: at(1) });
  });

  it('count a failed restart as a restart', () => {
    expect(ensureFailed(row({ state: 'READY', restarts: 1 }), new AppError('internal', 'x'), now).patch).toMatchObject({
      restarts: 2,
      retryAt: at(5),
    });
  });

  it('tell how long the session took to be ready', () => {
    const change = toReady(row(), seen('ready'), now);
    expect(change.happenings[0]).toMatchObject({ fact: { type: 'session.ready' }, payload: { provisioningMs: 2000 } });
  });

  it('keep the reason that was given first', () => {
    expect(toTerminating(row({ reason: 'requested' }), 'expired', null, null).patch.reason).toBe('requested');
    expect(toTerminating(row(), 'failed', 'why', null).patch).toMatchObject({ reason: 'failed', lastError: 'why' });
  });

  it('collect what was removed over several attempts, each object once', () => {
    const removed = { kind: 'network', name: 'n', at: now.toISOString() };
    const volume = { kind: 'volume', name: 'v', at: now.toISOString() };
    expect(destroyed(row({ removed: [removed] }), [removed, volume]).patch.removed).toEqual([removed, volume]);
  });

  it('name an object in the receipt although the removal of it was never reported', () => {
    const objects = [
      { kind: 'network', name: 'n' },
      { kind: 'volume', name: 'v' },
    ];
    const removed = [{ kind: 'network', name: 'n', at: at(-1).toISOString() }];
    expect(toTerminated(row({ objects, removed }), now).patch.removed).toEqual([
      ...removed,
      { kind: 'volume', name: 'v', at: now.toISOString() },
    ]);
  });

  it('count a restart anew when the workbench is dead again, and give a starting one its time', () => {
    const ready = row({ state: 'READY', restarts: 1, retryAt: at(-1), stateDeadlineAt: null });
    const stopped = { ...seen('pending'), readiness: 'stopped' } as Observation;
    expect(ensured(ready, stopped, now).patch).toMatchObject({ retryAt: null, stateDeadlineAt: null });
    expect(ensured(ready, seen('pending'), now).patch).toMatchObject({ retryAt: null, stateDeadlineAt: at(120) });
  });

  it('do not count the time that the target was away as building', () => {
    const away = new AppError('unavailable', 'away');
    expect(unseen(row({ stateDeadlineAt: at(1) }), away, at(2), now)).toMatchObject({
      next: at(2),
      patch: { stateDeadlineAt: at(120), lastError: 'away' },
    });
    expect(unseen(row({ stateDeadlineAt: null }), new AppError('cancelled', 'x'), at(2), now).patch).toEqual({
      stateDeadlineAt: null,
    });
  });

  it('never give up removing', () => {
    expect(destroyFailed(row({ attempt: 50 }), new AppError('internal', 'x'), now)).toMatchObject({ next: at(60) });
  });

  it('keep what a removal had found before it failed, so that the receipt names it once it is gone', () => {
    const pod = { kind: 'pod', name: 'p' };
    const volume = { kind: 'persistentvolume', name: 'v' };
    const hangs = new AppError('unavailable', 'hangs', { details: { removing: [pod, volume] } });
    const failed = destroyFailed(row({ objects: [pod] }), hangs, now).patch;
    expect(failed.objects).toEqual([pod, volume]);
    expect(toTerminated(row({ ...failed }), now).patch.removed).toMatchObject([pod, volume]);
  });

  it('free the subnet and name what was removed at the end', () => {
    const change = toTerminated(row({ reason: 'expired' }), now);
    expect(change.patch).toMatchObject({ state: 'TERMINATED', subnetIndex: null });
    expect(change.happenings[0]?.payload).toMatchObject({ reason: 'expired', endedAt: now.toISOString() });
  });
});
