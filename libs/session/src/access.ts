import type { Actor } from '@nalabo/contracts';

export const sessionActions = ['read', 'use', 'change', 'end'] as const;

/**
 * `read`: see it; `use`: run commands and apply configuration in it, and reach it from outside; `change`: extend it;
 * `end`: delete it.
 */
export type SessionAction = (typeof sessionActions)[number];

const foreignActions: Readonly<Record<Actor['role'], readonly SessionAction[]>> = {
  learner: [],
  instructor: ['read', 'use'],
  admin: sessionActions,
};

/** Everybody may do everything with their own session; roles say what may be done with a foreign one. */
export function mayAct(actor: Actor, action: SessionAction, session: { readonly ownerId: string }): boolean {
  return actor.ownerId === session.ownerId || foreignActions[actor.role].includes(action);
}
