import { setTimeout as delay } from 'node:timers/promises';
import { serviceLogFrameBytes, type ServiceLogFrame, serviceLogLimits } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LogReading } from './log-reading.js';

/** A log that is read as far as it is asked for. */
class ScriptedLog {
  asked = 0;
  isLetGo = false;

  constructor(private readonly chunks: readonly (string | Uint8Array | AppError)[]) {}

  /** With a signal it goes on, without a further word, until that aborts. */
  async *read(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of this.chunks) {
        this.asked += 1;
        if (chunk instanceof AppError) throw chunk;
        yield await Promise.resolve(Buffer.from(chunk));
      }
      if (signal) await delay(60_000, undefined, { signal }).catch(() => undefined);
    } finally {
      this.isLetGo = true;
    }
  }
}

function aReading(silenceMilliseconds?: number) {
  const frames: ServiceLogFrame[] = [];
  const bus = { isAway: false };
  const send = (frame: ServiceLogFrame): boolean => {
    if (!bus.isAway) frames.push(frame);
    return !bus.isAway;
  };
  const text = (): string =>
    frames.map((frame) => (frame.kind === 'output' ? Buffer.from(frame.data, 'base64').toString() : '')).join('');
  return { reading: new LogReading(send, silenceMilliseconds), frames, bus, text };
}

describe('a log', () => {
  it('is handed on in order, each frame with its place, and its end is told', async () => {
    const { reading, frames, text } = aReading();
    const log = new ScriptedLog(['one\n', 'two\n', 'three\n']);
    await reading.run(log.read());
    expect(text()).toBe('one\ntwo\nthree\n');
    let offset = 0;
    for (const frame of frames) {
      expect(frame.offset).toBe(offset);
      if (frame.kind === 'output') offset += Buffer.from(frame.data, 'base64').length;
    }
    expect(frames.at(-1)).toEqual({ kind: 'ended', offset: 14, end: 'complete' });
    // What comes at once after the first goes together.
    expect(frames).toHaveLength(3);
  });

  it('comes in frames that fit into a message', async () => {
    const { reading, frames, text } = aReading();
    await reading.run(new ScriptedLog(['x'.repeat(3 * serviceLogFrameBytes + 1)]).read());
    expect(frames).toHaveLength(5);
    expect(text()).toHaveLength(3 * serviceLogFrameBytes + 1);
  });

  it('is read no further than its reader takes', async () => {
    const { reading, text } = aReading();
    const chunk = 'x'.repeat(64 * 1024);
    const log = new ScriptedLog(Array.from({ length: 100 }, () => chunk));
    const run = reading.run(log.read());
    const most = serviceLogLimits.untakenBytes / chunk.length;
    await eventually(() => expect(log.asked).toBe(most));
    await delay(20);
    expect(log.asked).toBe(most);
    reading.keep(2 * chunk.length);
    await eventually(() => expect(log.asked).toBe(most + 2));
    reading.keep(1e9);
    await eventually(() => expect(log.asked).toBe(2 * most + 2));
    reading.end('left');
    await run;
    expect(log.isLetGo).toBe(true);
    expect(text().length).toBeLessThanOrEqual((2 * most + 2) * chunk.length);
  });

  it.each(['session_over', 'shutdown'] as const)('is let go with the end %s, which is told', async (end) => {
    const { reading, frames, text } = aReading();
    const log = new ScriptedLog(['one\n']);
    const run = reading.run(log.read(reading.signal));
    await eventually(() => expect(text()).toBe('one\n'));
    reading.end(end);
    reading.end('lost');
    await run;
    expect(log.isLetGo).toBe(true);
    expect(frames.at(-1)).toEqual({ kind: 'ended', offset: 4, end });
  });

  it('is let go when its reader gives no sign of life, and kept while it does', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { reading } = aReading(100);
    const log = new ScriptedLog(['one\n']);
    const run = reading.run(log.read(reading.signal));
    for (let sign = 0; sign < 8; sign += 1) {
      await vi.advanceTimersByTimeAsync(99);
      reading.keep(0);
      expect(log.isLetGo).toBe(false);
    }
    await vi.advanceTimersByTimeAsync(100);
    await run;
    expect(log.isLetGo).toBe(true);
  });

  it('that breaks off is told as lost, behind what came before', async () => {
    const { reading, frames, text } = aReading();
    const log = new ScriptedLog(['one\n', 'two\n', new AppError('unavailable', 'the engine went away')]);
    await expect(reading.run(log.read())).rejects.toMatchObject({ kind: 'unavailable' });
    expect(text()).toBe('one\ntwo\n');
    expect(frames.at(-1)).toEqual({ kind: 'ended', offset: 8, end: 'lost' });
  });

  it('is let go when it cannot be sent, because its reader has to begin anew', async () => {
    const { reading, bus, frames } = aReading();
    bus.isAway = true;
    const log = new ScriptedLog(['one\n']);
    await reading.run(log.read(reading.signal));
    expect(log.isLetGo).toBe(true);
    expect(frames).toEqual([]);
  });
});
