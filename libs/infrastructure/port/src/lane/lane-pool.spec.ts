import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ExecEnd, ExecStream } from '../command/exec-stream.js';
import type { CommandIo } from '../exec.js';
import { Lane } from './lane.js';
import { LanePool } from './lane-pool.js';

const signal = new AbortController().signal;

/** A shell that starts, and then answers nothing. */
class SilentShell implements ExecStream {
  readonly written: string[] = [];
  private readonly over = Promise.withResolvers<void>();
  private output: CommandIo | undefined;

  read(output: CommandIo): Promise<void> {
    this.output = output;
    return this.over.promise;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString();
    this.written.push(text);
    const token = /__m ([0-9a-f]{32}) "\$\$/.exec(text)?.[1];
    if (token === undefined) return;
    await this.output?.stdout(Buffer.from(`\x01${token}7 1;`));
    await this.output?.stderr(Buffer.from(`\x01${token};`));
  }

  endInput(): void {
    this.close();
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(true);
  }

  ended(): Promise<ExecEnd> {
    return Promise.resolve({ kind: 'lost', detail: '' });
  }

  close(): void {
    this.over.resolve();
  }
}

function makePool(): { readonly pool: LanePool; readonly shells: readonly SilentShell[] } {
  const shells: SilentShell[] = [];
  const openLane = (): Promise<Lane | null> => {
    const shell = new SilentShell();
    shells.push(shell);
    return Lane.open({ open: () => Promise.resolve(shell) });
  };
  return { pool: new LanePool(openLane, () => undefined), shells };
}

async function acquired(pool: LanePool): Promise<Lane> {
  const lane = await pool.acquire(signal);
  if (!lane) throw new Error('there is no lane');
  return lane;
}

describe('a pool of lanes', () => {
  it('asks a parked lane again only when it has answered', async () => {
    const { pool, shells } = makePool();
    pool.park(await acquired(pool));
    pool.release(await acquired(pool));
    await pause(1100);
    pool.release(await acquired(pool));
    expect(shells[0]?.written.filter((text) => text.startsWith('__e'))).toHaveLength(1);
    await pool.close();
  });

  it('gives no lane to a command that was lost while it was in use', async () => {
    const { pool } = makePool();
    const lane = await acquired(pool);
    lane.abandon();
    await lane.ended;
    pool.release(lane);
    expect((await acquired(pool)).isLost).toBe(false);
    await pool.close();
  });
});
