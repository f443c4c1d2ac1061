import type { InfrastructureType, TargetKind } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

export interface PlacementCandidate {
  readonly name: string;
  readonly kind: TargetKind;
  readonly reachable: boolean;
  readonly liveSessions: number;
}

export interface PlacementWish {
  readonly workshopTypes: readonly InfrastructureType[];
  readonly type?: InfrastructureType | undefined;
  readonly target?: string | undefined;
}

/**
 * The reachable target with the fewest sessions among those that the workshop and the caller accept.
 * @throws AppError `unprocessable` naming what is not configured or not allowed, `unavailable` when none can be reached.
 */
export function place(wish: PlacementWish, candidates: readonly PlacementCandidate[]): PlacementCandidate {
  const types = acceptedTypes(wish);
  const fitting = candidates.filter(({ name, kind }) => isAccepted(kind, types) && name === (wish.target ?? name));
  if (fitting.length === 0) throw notConfigured(wish, types);
  const [first, ...others] = fitting.filter(({ reachable }) => reachable);
  if (!first) {
    throw new AppError('unavailable', 'no suitable target can be reached now', { details: { retryAfterSeconds: 10 } });
  }
  return others.reduce((best, next) => (next.liveSessions < best.liveSessions ? next : best), first);
}

function acceptedTypes(wish: PlacementWish): readonly InfrastructureType[] {
  if (wish.type === undefined) return wish.workshopTypes;
  return [wish.type];
}

/** A memory target stands in for Docker in tests of the services. */
function isAccepted(kind: TargetKind, types: readonly InfrastructureType[]): boolean {
  return types.includes(kind === 'memory' ? 'docker' : kind);
}

function notConfigured(wish: PlacementWish, types: readonly InfrastructureType[]): AppError {
  if (wish.target !== undefined) {
    return new AppError('unprocessable', `no target named ${wish.target} is configured for ${types.join(' or ')}`, {
      details: { field: 'target' },
    });
  }
  return new AppError('unprocessable', `no target of type ${types.join(' or ')} is configured`, {
    details: { field: 'infrastructureType' },
  });
}

/** @throws AppError `unprocessable` when the workshop does not run on the wanted type. */
export function requireOffered(wish: PlacementWish, workshopId: string): void {
  if (wish.type === undefined || wish.workshopTypes.includes(wish.type)) return;
  throw new AppError('unprocessable', `the workshop ${workshopId} does not run on ${wish.type}`, {
    details: { field: 'infrastructureType' },
  });
}
