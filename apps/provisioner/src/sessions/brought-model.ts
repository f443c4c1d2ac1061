import type { CreateSession, Limits, TargetKind, WorkshopContent } from '@nalabo/contracts';
import {
  type AppliedModel,
  type ApplyModel,
  claimFolders,
  type ManifestsModel,
  sessionObjectName,
} from '@nalabo/infrastructure-port';
import { AppError, type SessionId } from '@nalabo/kernel';
import { toViolation } from '../workshops/judge-brought.js';
import { inWords, readObjects, readServices } from '../workshops/read-brought.js';
import type { SessionEntity } from './session.entity.js';

type BroughtRow = Pick<SessionEntity, 'id' | 'targetKind' | 'applied'>;

/** Whether the workshop brings anything into sessions of this kind: services and files, or manifests where there is a cluster. */
export function bringsAnything({ compose, files, manifests }: WorkshopContent, kind: TargetKind): boolean {
  return kind === 'kubernetes' ? manifests !== null : compose !== null || Object.keys(files).length > 0;
}

/**
 * The services that a new session holds from its first moment on.
 * @throws AppError `unprocessable` when they do not fit into what is left to services by these limits.
 */
export function servicesAtFirst(
  workshop: WorkshopContent,
  { kind, limits, request }: { readonly kind: TargetKind; readonly limits: Limits; readonly request: CreateSession },
): AppliedModel | null {
  if (kind === 'kubernetes') return null;
  const reading = readServices(workshop, limits);
  if ('violations' in reading) {
    const field = request.resources ? 'resources' : 'workshopId';
    const told = reading.violations.map(inWords).join('; ');
    throw new AppError('unprocessable', `the services of workshop ${workshop.id} do not fit: ${told}`, {
      publicMessage: `The Compose file of the workshop breaks rules in a session with these resources: ${told}`,
      details: {
        code: 'policy_violation',
        violations: reading.violations.map((violation) => toViolation(field, violation)),
      },
    });
  }
  const { model: compose } = reading;
  if (compose.services.length === 0) return null;
  return { type: 'compose', compose, folders: claimFolders(compose.folders, {}, { links: {}, filled: [] }) };
}

/** What the workshop brings into a session before it is ready. @throws AppError `unprocessable` as `manifestsOf`. */
export function initialModel(row: BroughtRow, workshop: WorkshopContent): ApplyModel | null {
  if (!bringsAnything(workshop, row.targetKind)) return null;
  if (row.targetKind === 'kubernetes') return manifestsOf(row, workshop);
  const compose = row.applied?.compose ?? { services: [], networks: [], volumes: [], folders: [] };
  return { type: 'compose', compose, files: new Map(Object.entries(workshop.files)) };
}

/** The objects that the workshop brings into a session on a cluster. @throws AppError `unprocessable` when they break rules. */
export function manifestsOf({ id, targetKind }: BroughtRow, workshop: WorkshopContent): ManifestsModel | null {
  if (targetKind !== 'kubernetes' || workshop.manifests === null) return null;
  const reading = readObjects(workshop, sessionObjectName(id as SessionId));
  if (!('violations' in reading)) return { type: 'yaml', objects: reading.model };
  const publicMessage = `The manifests of the workshop break rules: ${reading.violations.map(inWords).join('; ')}`;
  throw new AppError('unprocessable', publicMessage, { publicMessage });
}
