import type { SessionState } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { refuseByState } from './state-gate.js';

describe('refuseByState', () => {
  it.each<[SessionState, boolean, string | undefined]>([
    ['REQUESTED', false, 'conflict'],
    ['PROVISIONING', false, 'conflict'],
    ['READY', false, undefined],
    ['TERMINATING', false, 'conflict'],
    ['TERMINATED', false, 'gone'],
    ['READY', true, 'gone'],
    ['TERMINATING', true, 'gone'],
  ])('answers for a %s session, expired: %s, with %s', (state, expired, kind) => {
    expect(refuseByState({ state, expired })?.kind).toBe(kind);
  });
});
