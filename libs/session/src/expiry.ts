import { selfEndingGraceMilliseconds } from './policy.js';

const minute = 60_000;

/** Fixed at creation and absolute: when the workbench ends by itself, whatever is extended. */
export function endsBy(createdAt: Date, ceilingMinutes: number): Date {
  return new Date(createdAt.getTime() + ceilingMinutes * minute + selfEndingGraceMilliseconds);
}

export type Extension =
  | { readonly kind: 'extended'; readonly expiresAt: Date }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unchanged' };

/** `duration` counts from now; an extension never shortens a session and never passes its ceiling. */
export function extend(
  session: { readonly expiresAt: Date; readonly endsBy: Date },
  durationMinutes: number,
  now: Date,
): Extension {
  if (session.expiresAt <= now) return { kind: 'expired' };
  const ceiling = session.endsBy.getTime() - selfEndingGraceMilliseconds;
  const wanted = Math.max(session.expiresAt.getTime(), now.getTime() + durationMinutes * minute);
  const expiresAt = new Date(Math.min(ceiling, wanted));
  return expiresAt <= session.expiresAt ? { kind: 'unchanged' } : { kind: 'extended', expiresAt };
}

export function remainingSeconds(expiresAt: Date, now: Date): number {
  return Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000));
}
