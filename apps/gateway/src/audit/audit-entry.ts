import { httpStatusByKind } from '@nalabo/contracts';

/** One request as it is remembered: who did what, never with a body, a query or a key. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly keyId: string | null;
  readonly ownerId: string | null;
  readonly method: string;
  /** The route's pattern, because a path may hold anything. */
  readonly route: string;
  readonly status: number;
  readonly kind: string | null;
  readonly correlationId: string;
}

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const kindByStatus: ReadonlyMap<number, string> = new Map(
  Object.entries(httpStatusByKind).map(([kind, status]) => [status, kind]),
);

/** Every request that changes something or is refused leaves a row; reading leaves none. */
export function isAudited(method: string, status: number): boolean {
  return status >= 400 || !readingMethods.has(method);
}

/** The kind of error behind a status; null for success and for what only HTTP knows. */
export function auditedKind(status: number): string | null {
  return kindByStatus.get(status) ?? null;
}
