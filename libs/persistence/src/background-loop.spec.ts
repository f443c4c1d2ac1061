import { eventually } from '@nalabo/testing';
import { describe, expect, it } from 'vitest';
import { BackgroundLoop } from './background-loop.js';

const hour = 3_600_000;
const slowBackoff = { firstMilliseconds: hour, factor: 1, maximumMilliseconds: hour };

describe('a background loop', () => {
  it('goes on at once while a pass says that there is more', async () => {
    const answers = [true, true, false];
    const loop = new BackgroundLoop({
      pass: () => Promise.resolve(answers.shift() ?? false),
      intervalMilliseconds: hour,
      backoff: slowBackoff,
      onFailure: () => undefined,
    });
    loop.start();
    await eventually(() => expect(answers).toEqual([]));
    await loop.stop();
  });

  it('rests until something is due when the pass says when that is', async () => {
    let passes = 0;
    const loop = new BackgroundLoop({
      pass: () => {
        passes += 1;
        return Promise.resolve(passes === 1 ? 30 : false);
      },
      intervalMilliseconds: hour,
      backoff: slowBackoff,
      onFailure: () => undefined,
    });
    loop.start();
    await eventually(() => expect(passes).toBe(2));
    await loop.stop();
  });

  it('makes a pass when it is woken, also when that happens during a pass', async () => {
    let passes = 0;
    const loop: BackgroundLoop = new BackgroundLoop({
      pass: () => {
        passes += 1;
        if (passes === 1) loop.wake();
        return Promise.resolve(false);
      },
      intervalMilliseconds: hour,
      backoff: slowBackoff,
      onFailure: () => undefined,
    });
    loop.start();
    await eventually(() => expect(passes).toBe(2));
    loop.wake();
    await eventually(() => expect(passes).toBe(3));
    await loop.stop();
  });

  it('leaves the space between two passes that it was told, however often it is woken', async () => {
    const startedAt: number[] = [];
    const loop: BackgroundLoop = new BackgroundLoop({
      pass: () => {
        startedAt.push(performance.now());
        loop.wake();
        return Promise.resolve(true);
      },
      intervalMilliseconds: hour,
      spacingMilliseconds: 40,
      backoff: slowBackoff,
      onFailure: () => undefined,
    });
    // The space begins before a pass can take its time: of the first one, here.
    const begun = performance.now();
    loop.start();
    await eventually(() => expect(startedAt.length).toBeGreaterThanOrEqual(3));
    await loop.stop();
    // A timer may fire a millisecond early.
    expect((startedAt[2] ?? 0) - begun).toBeGreaterThanOrEqual(78);
  });

  it('makes one pass for all who ask for it within a time, and none when it is stopped before', async () => {
    const passes: number[] = [];
    const loop = new BackgroundLoop({
      pass: () => {
        passes.push(performance.now());
        return Promise.resolve(false);
      },
      intervalMilliseconds: hour,
      backoff: slowBackoff,
      onFailure: () => undefined,
    });
    loop.start();
    await eventually(() => expect(passes).toHaveLength(1));
    const askedAt = performance.now();
    for (let asked = 0; asked < 10; asked++) loop.wakeWithin(50);
    await eventually(() => expect(passes).toHaveLength(2));
    expect((passes[1] ?? 0) - askedAt).toBeGreaterThan(40);
    loop.wakeWithin(hour);
    await loop.stop();
    expect(passes).toHaveLength(2);
  });

  it('tells of failures and recovers after the back-off', async () => {
    const failures: number[] = [];
    let passes = 0;
    const loop = new BackgroundLoop({
      pass: () => {
        passes += 1;
        return passes < 3 ? Promise.reject(new Error('away')) : Promise.resolve(false);
      },
      intervalMilliseconds: hour,
      backoff: { firstMilliseconds: 1, factor: 1, maximumMilliseconds: 1 },
      onFailure: (_, count) => failures.push(count),
    });
    loop.start();
    await eventually(() => expect(passes).toBe(3));
    expect(failures).toEqual([1, 2]);
    await loop.stop();
  });

  it('is not hurried out of its back-off, but stops at once', async () => {
    let passes = 0;
    const loop = new BackgroundLoop({
      pass: () => {
        passes += 1;
        return Promise.reject(new Error('away'));
      },
      intervalMilliseconds: 1,
      backoff: slowBackoff,
      onFailure: () => undefined,
    });
    loop.start();
    await eventually(() => expect(passes).toBe(1));
    loop.wake();
    await loop.stop();
    expect(passes).toBe(1);
  });
});
