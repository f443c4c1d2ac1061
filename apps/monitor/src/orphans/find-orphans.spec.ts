import { describe, expect, it } from 'vitest';
import { findOrphans } from './find-orphans.js';

const now = new Date('2026-01-01T12:00:00Z');
const object = (sessionId: string) => ({
  kind: 'volume',
  name: sessionId,
  sessionId,
  generation: 1,
  endsByEpochSeconds: null,
});
const session = (sessionId: string, endedAt: string | null) => ({
  sessionId,
  endedAt: endedAt === null ? null : new Date(endedAt),
});

describe('findOrphans', () => {
  it('names what belongs to no session or to one that ended more than ten minutes ago', () => {
    const listed = ['alive', 'just-ended', 'long-ended', 'unknown'].map(object);
    const known = [
      session('alive', null),
      session('just-ended', '2026-01-01T11:50:00Z'),
      session('long-ended', '2026-01-01T11:49:59Z'),
      session('not-listed', null),
    ];
    expect(findOrphans(listed, known, now).map(({ name }) => name)).toEqual(['long-ended', 'unknown']);
  });
});
