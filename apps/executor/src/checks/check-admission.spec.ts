import { describe, expect, it } from 'vitest';
import { commandLimits } from '../command/limits.js';
import { refuseChecks } from './check-admission.js';

const limits = { ...commandLimits, perMinutePerOwner: 10 };

describe('refuseChecks', () => {
  it.each([
    [0, 0, 1, undefined],
    [3, 9, 1, undefined],
    [4, 0, 1, 'exhausted'],
    [0, 10, 1, 'exhausted'],
    [0, 5, 5, undefined],
    [0, 5, 6, 'exhausted'],
    [0, 9, 0, undefined],
  ])(
    'with %i runs in the session and %i starts of the owner answers %i checks with %s',
    (running, started, added, kind) => {
      const counts = { runningInSession: running, startedByOwnerLastMinute: started };
      expect(refuseChecks(counts, added, limits)?.kind).toBe(kind);
    },
  );
});
