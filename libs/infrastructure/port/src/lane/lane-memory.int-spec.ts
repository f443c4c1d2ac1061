import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exited, LocalShells, sh } from './local-shells.cases.js';

const mebibyte = 2 ** 20;
/** What the collector may be late with: it comes when about 64 MiB of buffers wait for it. */
const mostGrowth = 80 * mebibyte;

describe('the memory of a lane', () => {
  let shells: LocalShells;
  beforeEach(async () => {
    shells = await LocalShells.make();
    // Growth counts from where a process under output settles, which takes a few rounds of the collector.
    await sh(shells.lanes, 'head -c 500000000 /dev/zero', { io: { stdout: () => undefined } });
  });
  afterEach(() => shells.remove());

  /** By how much this process grows, at most, while the work is done. */
  const growth = async (work: Promise<unknown>): Promise<number> => {
    const before = process.memoryUsage.rss();
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    await work;
    clearInterval(timer);
    return most - before;
  };
  const counting = (): { bytes: number; take: (chunk: Uint8Array) => void } => {
    const counter = { bytes: 0, take: (chunk: Uint8Array) => void (counter.bytes += chunk.length) };
    return counter;
  };

  it('stays flat under output without end', async () => {
    const counter = counting();
    const endless = sh(shells.lanes, 'yes', { io: { stdout: counter.take }, signal: AbortSignal.timeout(3000) });
    expect(await growth(endless)).toBeLessThan(mostGrowth);
    expect(counter.bytes).toBeGreaterThan(100 * mebibyte);
    expect((await endless).end).toEqual({ kind: 'killed' });
  });

  it('stays flat under 100 MB on standard error, of which every byte arrives', async () => {
    const counter = counting();
    const much = sh(shells.lanes, 'head -c 104857600 /dev/zero >&2', { io: { stderr: counter.take } });
    expect(await growth(much)).toBeLessThan(mostGrowth);
    expect(counter.bytes).toBe(104_857_600);
    expect((await much).end).toEqual(exited(0));
  });

  it('stays flat when the output is taken slowly, which holds the command back', async () => {
    const counter = counting();
    const take = async (chunk: Uint8Array): Promise<void> => {
      counter.take(chunk);
      await pause(200);
    };
    const slow = sh(shells.lanes, 'yes & yes >&2', {
      io: { stdout: take, stderr: take },
      signal: AbortSignal.timeout(3000),
    });
    expect(await growth(slow)).toBeLessThan(mostGrowth / 4);
    expect(counter.bytes).toBeLessThan(8 * mebibyte);
  });
});
