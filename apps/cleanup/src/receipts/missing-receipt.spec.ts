import type { SessionState } from '@nalabo/contracts';
import { anActor } from '@nalabo/testing';
import { describe, expect, it } from 'vitest';
import { missingReceipt, noSuchSession } from './missing-receipt.js';

const sessionId = 'f3a1c2d4';
const alice = anActor({ ownerId: 'alice' });
const answer = (state: SessionState, actor = alice) => missingReceipt(actor, { sessionId, ownerId: 'alice', state });

describe('missingReceipt', () => {
  it.each<SessionState>(['REQUESTED', 'READY', 'TERMINATING'])('of a session that is %s is a conflict', (state) => {
    expect(answer(state)).toMatchObject({
      kind: 'conflict',
      publicMessage: `session ${sessionId} has not ended: there is no receipt yet`,
      details: {},
    });
  });

  it('of a session that has ended is worth another try', () => {
    expect(answer('TERMINATED')).toMatchObject({
      kind: 'conflict',
      publicMessage: `session ${sessionId} has ended and its receipt is being written`,
      details: { retryAfterSeconds: 1 },
    });
  });

  it.each<SessionState>(['READY', 'TERMINATED'])('of a foreign session that is %s tells nothing', (state) => {
    expect(answer(state, anActor({ ownerId: 'bob' }))).toEqual(noSuchSession(sessionId));
  });
});
