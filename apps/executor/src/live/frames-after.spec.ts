import { outputFrameSchema } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { frameCount, type FramedExecution, framesAfter } from './frames-after.js';
import { piecesOf } from './output-piece.js';

const end = {
  outcome: 'succeeded',
  exitCode: 0,
  truncated: { stdout: true, stderr: true },
  startFailed: false,
  durationMs: 1,
  path: 'lane',
  leftProcesses: false,
} as const;

const execution: FramedExecution = {
  startedAt: new Date('2026-01-01T00:00:00Z'),
  pieces: piecesOf([2, -1, 3]),
  stdout: Buffer.from('abcde'),
  stderr: Buffer.from('x'),
  end,
};

const shown = (frames: readonly { kind: string; seq: number; data?: string; stream?: string }[]): string[] =>
  frames.map(({ kind, seq, stream, data }) =>
    [seq, kind, stream, data && Buffer.from(data, 'base64').toString()].filter((part) => part !== undefined).join(' '),
  );

const all = [
  '0 started',
  '1 output stdout ab',
  '2 output stderr x',
  '3 output stdout cde',
  '4 truncated stdout',
  '5 truncated stderr',
  '6 finished',
];

describe('framesAfter', () => {
  it.each([
    [-1, all],
    [0, all.slice(1)],
    [3, all.slice(4)],
    [5, all.slice(6)],
    [6, []],
    [99, []],
  ])('gives what is behind %i', (after, expected) => {
    const page = framesAfter(execution, after);
    expect(shown(page.frames)).toEqual(expected);
    expect(page.more).toBe(false);
    for (const frame of page.frames) expect(outputFrameSchema.safeParse(frame).success).toBe(true);
  });

  it('gives what there is of a running execution', () => {
    const running = { ...execution, end: null };
    expect(shown(framesAfter(running, -1).frames)).toEqual(all.slice(0, 4));
    expect(frameCount(running)).toBe(4);
  });

  it('names only the streams that are truncated', () => {
    const ended = { ...execution, end: { ...end, truncated: { stdout: false, stderr: true } } };
    expect(shown(framesAfter(ended, 3).frames)).toEqual(['4 truncated stderr', '5 finished']);
  });

  it('gives page by page, each within its size and none empty', () => {
    const seen: string[] = [];
    for (let after = -1, more = true; more; after = seen.length - 1) {
      const page = framesAfter(execution, after, 530);
      expect(page.frames.length).toBeGreaterThan(0);
      expect(page.frames.length).toBeLessThanOrEqual(2);
      seen.push(...shown(page.frames));
      more = page.more;
    }
    expect(seen).toEqual(all);
  });

  it('gives no more tiny frames at once than a reader keeps while it takes them', () => {
    const trickle = { ...execution, pieces: piecesOf(Array<number>(9000).fill(1)), stdout: Buffer.alloc(9000) };
    const page = framesAfter(trickle, -1);
    expect(page.more).toBe(true);
    expect(page.frames.length * 256).toBeLessThan(512 * 1024);
  });
});
