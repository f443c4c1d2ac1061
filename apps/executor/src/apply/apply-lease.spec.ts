import { AppError } from '@nalabo/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApplyOutcome } from './apply-attempt.js';
import { ApplyLease } from './apply-lease.js';

const leaseSeconds = 15;
const applied: ApplyOutcome = { kind: 'applied', model: null };

/** A provisioner that answers what a test wants, and what it was told. */
class Provisioner {
  renewed = 0;
  readonly ended: ApplyOutcome[] = [];
  renewal: () => Promise<boolean> = () => Promise.resolve(true);
  ending: () => Promise<boolean> = () => Promise.resolve(true);

  lend(): ApplyLease {
    const calls = {
      renew: (): Promise<boolean> => {
        this.renewed += 1;
        return this.renewal();
      },
      end: (outcome: ApplyOutcome): Promise<boolean> => {
        this.ended.push(outcome);
        return this.ending();
      },
    };
    return new ApplyLease(
      { leaseSeconds, images: [], current: null, appliedBy: null, initial: null },
      calls,
      performance.now(),
    );
  }
}

const away = () => Promise.reject(new AppError('unavailable', 'away'));
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

let provisioner: Provisioner;
beforeEach(() => {
  vi.useFakeTimers();
  provisioner = new Provisioner();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the lease of an apply', () => {
  it('is renewed every third of its time, and no more after the end', async () => {
    const lease = provisioner.lend();
    await pass(2 * leaseSeconds);
    expect({ renewed: provisioner.renewed, lost: lease.lost.aborted }).toEqual({ renewed: 6, lost: false });
    await lease.settle(applied);
    await pass(2 * leaseSeconds);
    expect(provisioner).toMatchObject({ renewed: 6, ended: [applied] });
  });

  it('is lost at once when the provisioner takes it back, and says that nothing may be touched', async () => {
    provisioner.renewal = () => Promise.resolve(false);
    const lease = provisioner.lend();
    await pass(leaseSeconds / 3);
    expect(lease.lost.reason).toMatchObject({ kind: 'gone' });
    await expect(lease.settle(applied)).rejects.toMatchObject({ kind: 'conflict' });
    await lease.close(applied);
    expect(provisioner.ended).toEqual([{ kind: 'unsettled' }]);
  });

  it('is lost when it could not be renewed in time, and not before', async () => {
    provisioner.renewal = away;
    const lease = provisioner.lend();
    await pass(leaseSeconds - 1);
    expect(lease.lost.aborted).toBe(false);
    await pass(1);
    expect(lease.lost.reason).toMatchObject({ kind: 'gone' });
  });

  it('is kept over a renewal that fails', async () => {
    provisioner.renewal = away;
    const lease = provisioner.lend();
    await pass(leaseSeconds / 3);
    provisioner.renewal = () => Promise.resolve(true);
    await pass(leaseSeconds);
    expect(lease.lost.aborted).toBe(false);
    await lease.close({ kind: 'unchanged' });
  });

  it('is given back once, whoever asks for it afterwards', async () => {
    const lease = provisioner.lend();
    await lease.settle({ kind: 'unchanged' });
    await lease.close({ kind: 'unchanged' });
    expect(provisioner.ended).toEqual([{ kind: 'unchanged' }]);
  });

  it('is asked to end until an answer comes', async () => {
    const answers = [away, away, () => Promise.resolve(true)];
    provisioner.ending = () => (answers.shift() ?? away)();
    await provisioner.lend().settle(applied);
    expect(provisioner.ended).toEqual([applied, applied, applied]);
  });

  it('tells nobody that something was applied when it could not be stored', async () => {
    provisioner.ending = () => Promise.resolve(false);
    await expect(provisioner.lend().settle(applied)).rejects.toMatchObject({ kind: 'conflict' });
    await provisioner.lend().settle({ kind: 'unchanged' });
  });

  it('ends by itself when it cannot be given back', async () => {
    provisioner.ending = away;
    await provisioner.lend().close({ kind: 'unchanged' });
  });
});
