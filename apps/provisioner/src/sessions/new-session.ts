import type { Actor, CreateSession, Limits, Resources, TargetKind, WorkshopContent } from '@nalabo/contracts';
import type { AppliedModel } from '@nalabo/infrastructure-port';
import { AppError, newId, type SessionId } from '@nalabo/kernel';
import { endsBy, exceededFields, parseResources } from '@nalabo/session';
import { resourcesFor } from '../workshops/workshop-view.js';
import { bringsAnything, servicesAtFirst } from './brought-model.js';
import type { SessionEntity } from './session.entity.js';

export interface NewSession {
  readonly id: SessionId;
  readonly request: CreateSession;
  readonly workshop: WorkshopContent;
  readonly workshopRevision: number;
  readonly target: { readonly name: string; readonly kind: TargetKind };
  readonly granted: Grant;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly subnetIndex: number;
  readonly now: Date;
}

/** What a session gets by its request and its workshop, whenever it begins. */
export interface Grant {
  readonly durationMinutes: number;
  readonly resources: Resources;
  readonly limits: Limits;
  /** The services that it holds from its first moment on. */
  readonly applied: AppliedModel | null;
}

const minute = 60_000;

/**
 * Reads the services of the workshop, which takes a while: not for a transaction that holds others up.
 * @throws AppError `unprocessable` naming the fields that exceed what the workshop allows, or into which its services do not
 * fit.
 */
export function grant(request: CreateSession, workshop: WorkshopContent, kind: TargetKind): Grant {
  const durationMinutes = durationOf(request, workshop);
  const { resources, limits } = resourcesOf(request, workshop, kind);
  return { durationMinutes, resources, limits, applied: servicesAtFirst(workshop, { kind, limits, request }) };
}

/** The row of a session that was just accepted. */
export function newSession(input: NewSession): SessionEntity {
  const { request, workshop, now, target } = input;
  const { durationMinutes, ...granted } = input.granted;
  return {
    ...blank(now),
    id: input.id,
    ownerId: input.actor.ownerId,
    keyId: input.actor.keyId,
    correlationId: input.correlationId,
    workshopId: workshop.id,
    workshopRevision: input.workshopRevision,
    target: target.name,
    targetKind: target.kind,
    ...granted,
    environment: { ...workshop.environment, ...request.env },
    subnetIndex: input.subnetIndex,
    isolation: workshop.kubernetes.isolation,
    unsettledBy: bringsAnything(workshop, target.kind) ? newId() : null,
    expiresAt: new Date(now.getTime() + durationMinutes * minute),
    endsBy: endsBy(now, workshop.durationMinutes.maximum),
  };
}

type Blank = Omit<
  SessionEntity,
  | 'id'
  | 'ownerId'
  | 'keyId'
  | 'correlationId'
  | 'workshopId'
  | 'workshopRevision'
  | 'target'
  | 'targetKind'
  | 'resources'
  | 'limits'
  | 'environment'
  | 'subnetIndex'
  | 'isolation'
  | 'applied'
  | 'unsettledBy'
  | 'expiresAt'
  | 'endsBy'
>;

function blank(now: Date): Blank {
  return {
    generation: 1,
    appliedBy: null,
    desired: 'present',
    reason: null,
    expiryVersion: 1,
    intentVersion: 1,
    state: 'REQUESTED',
    stateDeadlineAt: null,
    attempt: 0,
    restarts: 0,
    retryAt: null,
    lastError: null,
    progress: [],
    storage: null,
    endpoints: [],
    objects: [],
    removed: [],
    lastSequence: 0,
    nextLookAt: now,
    leaseHolder: null,
    leaseToken: null,
    leaseUntil: null,
    createdAt: now,
    readyAt: null,
    terminatedAt: null,
  };
}

function durationOf(request: CreateSession, workshop: WorkshopContent): number {
  const { default: usual, maximum } = workshop.durationMinutes;
  const duration = request.duration ?? Math.min(usual, maximum);
  if (duration <= maximum) return duration;
  throw new AppError('unprocessable', `the workshop ${workshop.id} lasts at most ${maximum} minutes`, {
    details: { field: 'duration' },
  });
}

function resourcesOf(
  request: CreateSession,
  workshop: WorkshopContent,
  kind: TargetKind,
): { resources: Resources; limits: Limits } {
  const defaults = resourcesFor(workshop, kind === 'kubernetes' ? 'kubernetes' : 'docker');
  const wanted = request.resources ?? {};
  const resources = {
    cpu: wanted.cpu ?? defaults.cpu,
    memory: wanted.memory ?? defaults.memory,
    storage: wanted.storage ?? defaults.storage,
  };
  const limits = parseResources(resources);
  const exceeded = exceededFields(limits, parseResources(workshop.resources.maximum));
  if (exceeded.length === 0) return { resources, limits };
  throw new AppError('unprocessable', `the workshop ${workshop.id} allows less: ${exceeded.join(', ')}`, {
    details: { violations: exceeded.map((field) => ({ field, message: 'is more than the workshop allows' })) },
  });
}
