import type { SessionId } from '@nalabo/kernel';
import type { SessionSpec } from './session-spec.js';

/** Deterministic names and labels: what makes an object ours, and the only proof of it. */

export const managedBy = 'nalabo';
export const folderVolumeCount = 5;

export type OwnershipKey = 'managed-by' | 'instance' | 'session' | 'generation' | 'workshop' | 'ends-by';
export type Ownership = Readonly<Record<OwnershipKey, string>>;

export function sessionObjectName(sessionId: SessionId | string, part?: string): string {
  return part === undefined ? `nalabo-session-${sessionId}` : `nalabo-session-${sessionId}-${part}`;
}

export function ownershipOf(instance: string, spec: SessionSpec): Ownership {
  return {
    'managed-by': managedBy,
    instance,
    session: spec.sessionId,
    generation: String(spec.generation),
    workshop: spec.workshopId,
    'ends-by': String(spec.endsByEpochSeconds),
  };
}

/** Prefixes the keys as a backend wants them: `io.nalabo.` on Docker, `nalabo.io/` on Kubernetes. */
export function prefixedLabels(ownership: Ownership, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(ownership).map(([key, value]) => [`${prefix}${key}`, value]));
}

/** What the labels of an object tell about it. */
export interface OwnedIdentity {
  readonly sessionId: string;
  /** 0 when the label is absent or broken, so that such an object counts as older than any other. */
  readonly generation: number;
  readonly endsByEpochSeconds: number | null;
}

export function ownedIdentity(labels: Readonly<Record<string, string>>, prefix: string): OwnedIdentity {
  const integer = (key: OwnershipKey): number | null => {
    const text = labels[`${prefix}${key}`] ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  return {
    sessionId: labels[`${prefix}session`] ?? '',
    generation: integer('generation') ?? 0,
    endsByEpochSeconds: integer('ends-by'),
  };
}

/** Whether labels prove that an object belongs to this session of this installation. */
export function isOwned(
  labels: Readonly<Record<string, string>>,
  prefix: string,
  expected: { readonly instance: string; readonly sessionId: string },
): boolean {
  return (
    labels[`${prefix}managed-by`] === managedBy &&
    labels[`${prefix}instance`] === expected.instance &&
    labels[`${prefix}session`] === expected.sessionId
  );
}
