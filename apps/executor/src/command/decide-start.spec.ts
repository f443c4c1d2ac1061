import { describe, expect, it } from 'vitest';
import { decideStart, type StartAnswer } from './decide-start.js';

const nothing: StartAnswer = { startedAt: null, earlier: null, runningInSession: 0, startedByOwnerLastMinute: 0 };
const startedAt = new Date('2026-01-01T00:00:00Z');
const idempotency = { key: 'k', digest: 'd' };

describe('decideStart', () => {
  it.each<[string, Partial<StartAnswer>, object]>([
    ['what was accepted', { startedAt }, { kind: 'started', startedAt }],
    [
      'the same request again',
      { earlier: { executionId: 'e0', digest: 'd' } },
      { kind: 'repeated', executionId: 'e0' },
    ],
    [
      'another request under the key',
      { earlier: { executionId: 'e0', digest: 'x' } },
      { error: { kind: 'unprocessable' } },
    ],
    ['one too many in the session', { runningInSession: 8 }, { error: { kind: 'exhausted' } }],
    ['one too many of the owner', { startedByOwnerLastMinute: 600 }, { error: { kind: 'exhausted' } }],
    ['an id that was used before', {}, { error: { kind: 'conflict' } }],
  ])('says of %s what became of it', (_, answer, expected) => {
    expect(decideStart('e1', idempotency, { ...nothing, ...answer })).toMatchObject(expected);
  });
});
