import type { Role } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { mayAct, sessionActions, type SessionAction } from './access.js';

const session = { ownerId: 'alice' };
const actor = (ownerId: string, role: Role) => ({ keyId: 'k', ownerId, role });

describe('mayAct', () => {
  it.each(sessionActions)('lets an owner %s their own session', (action) => {
    expect(mayAct(actor('alice', 'learner'), action, session)).toBe(true);
  });

  it.each<[Role, SessionAction, boolean]>([
    ['learner', 'read', false],
    ['learner', 'use', false],
    ['learner', 'change', false],
    ['learner', 'end', false],
    ['instructor', 'read', true],
    ['instructor', 'use', true],
    ['instructor', 'change', false],
    ['instructor', 'end', false],
    ['admin', 'read', true],
    ['admin', 'use', true],
    ['admin', 'change', true],
    ['admin', 'end', true],
  ])('answers whether a foreign %s may %s a session with %s', (role, action, expected) => {
    expect(mayAct(actor('bob', role), action, session)).toBe(expected);
  });
});
