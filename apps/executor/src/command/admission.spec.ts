import { describe, expect, it } from 'vitest';
import { refuseCommand } from './admission.js';

describe('refuseCommand', () => {
  it.each([
    [0, 0, undefined],
    [7, 599, undefined],
    [8, 0, 1],
    [0, 600, 10],
  ])('with %i running and %i in the last minute asks to wait %s seconds', (running, started, seconds) => {
    const refusal = refuseCommand({ runningInSession: running, startedByOwnerLastMinute: started });
    expect(refusal?.kind).toBe(seconds === undefined ? undefined : 'exhausted');
    expect(refusal?.details.retryAfterSeconds).toBe(seconds);
  });
});
