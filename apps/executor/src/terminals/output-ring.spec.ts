import { describe, expect, it } from 'vitest';
import { OutputRing } from './output-ring.js';

const kib = 1024;

/** Each byte tells its own offset, as far as a byte can. */
const bytesAt = (offset: number, length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (offset + index) % 251));

function filled(total: number, pieceBytes: number, capacity = 64 * kib): OutputRing {
  const ring = new OutputRing(capacity);
  for (let at = 0; at < total; at += pieceBytes) ring.append(bytesAt(at, Math.min(pieceBytes, total - at)));
  return ring;
}

describe('OutputRing', () => {
  it('begins empty', () => {
    const ring = new OutputRing(kib);
    expect([ring.start, ring.end, ring.read(0, 10).length]).toEqual([0, 0, 0]);
  });

  it.each([
    ['nothing was dropped yet', 40 * kib, 1000, 0],
    ['exactly the capacity was written', 64 * kib, 16 * kib, 0],
    ['one byte more was written', 64 * kib + 1, 16 * kib, 0],
    ['a whole block more was written', 80 * kib, 16 * kib, 16 * kib],
    ['it went round many times, by odd pieces', 1000 * kib + 7, 777, 928 * kib],
    ['a single piece is larger than the ring', 500 * kib, 500 * kib, 432 * kib],
    ['single characters were written', 100 * kib, 1, 32 * kib],
  ])('when %s it keeps the newest bytes at their offsets', (_, total, pieceBytes, start) => {
    const ring = filled(total, pieceBytes);
    expect(ring.end).toBe(total);
    expect(ring.start).toBe(start);
    expect(ring.end - ring.start).toBeGreaterThanOrEqual(Math.min(total, 64 * kib));
    expect(ring.read(ring.start, Infinity).equals(bytesAt(ring.start, total - start))).toBe(true);
  });

  it.each([
    [0, 10, 10],
    [16 * kib - 1, 2, 2],
    [16 * kib, 16 * kib, 16 * kib],
    [5, 40 * kib, 40 * kib],
    [50 * kib - 3, 100, 3],
    [50 * kib, 100, 0],
  ])('reads from %i up to %i bytes and gives %i', (offset, limit, length) => {
    expect(
      filled(50 * kib, 333)
        .read(offset, limit)
        .equals(bytesAt(offset, length)),
    ).toBe(true);
  });

  it('gives copies that later output does not change', () => {
    const ring = filled(10, 10);
    const read = ring.read(0, 10);
    ring.append(Buffer.alloc(200 * kib, 0xff));
    expect(read.equals(bytesAt(0, 10))).toBe(true);
  });
});
