import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exited, LocalShells, sh } from './local-shells.cases.js';

const mebibyte = 2 ** 20;
/** What the collector may be late with: it comes when about 64 MiB of buffers wait for it, and frees them beside us. */
const mostGrowth = 160 * mebibyte;
/** Several times as much. */
const much = 500 * mebibyte;

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
  /** Aborts when much has come. */
  const counting = () => {
    const enough = new AbortController();
    const counter = {
      bytes: 0,
      take: (chunk: Uint8Array): void => {
        counter.bytes += chunk.length;
        if (counter.bytes >= much) enough.abort();
      },
      signal: enough.signal,
    };
    return counter;
  };

  it('stays flat under output without end', async () => {
    const counter = counting();
    const endless = sh(shells.lanes, 'yes', { io: { stdout: counter.take }, signal: counter.signal });
    expect(await growth(endless)).toBeLessThan(mostGrowth);
    expect(counter.bytes).toBeGreaterThanOrEqual(much);
    expect((await endless).end).toEqual({ kind: 'killed' });
  });

  it('stays flat under 500 MB on standard error, of which every byte arrives', async () => {
    const counter = counting();
    const command = sh(shells.lanes, 'head -c 500000000 /dev/zero >&2', { io: { stderr: counter.take } });
    expect(await growth(command)).toBeLessThan(mostGrowth);
    expect(counter.bytes).toBe(500_000_000);
    expect((await command).end).toEqual(exited(0));
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
    expect(await growth(slow)).toBeLessThan(mostGrowth);
    expect(counter.bytes).toBeLessThan(8 * mebibyte);
  });
});
