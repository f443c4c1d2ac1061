import type { AppliedObject } from '@nalabo/contracts';
import { Differences, type ManifestsModel } from '@nalabo/infrastructure-port';
import { AppError, type Violation } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import { compareObjects } from './object-diff.js';
import { findSuperfluous } from './find-superfluous.js';
import { keyOf, prepareObjects, type PreparedObject } from './prepare-objects.js';
import { isRefusal, violationsOf } from './refusal.js';
import { sendObject } from './send-object.js';
import type { SessionApi } from './session-api.js';

const mostViolations = 50;

export interface Planning {
  readonly api: SessionApi;
  readonly model: ManifestsModel;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/**
 * Tries every object on the API without storing it.
 * @throws AppError `unprocessable` with everything that the API refuses.
 */
export async function planChanges(planning: Planning): Promise<readonly AppliedObject[]> {
  const { objects, violations } = prepareObjects(planning.model, planning.api, planning.sessionId);
  if (violations.length > 0) throw refused(violations);
  const namespaces = objects.filter(isNamespace);
  const differences = new Differences();
  const attempt = (object: PreparedObject): Promise<Trial> => tryObject(planning, object, differences);
  const first = await Promise.all(namespaces.map(attempt));
  const newNamespaces = new Set(
    first.flatMap((trial) => (trial.change?.action === 'created' ? [trial.change.name] : [])),
  );
  const rest = await Promise.all(
    objects
      .filter((object) => !isNamespace(object))
      .map(async (object) => (isTooEarly(object, newNamespaces) ? created(object) : attempt(object))),
  );
  const trials = [...first, ...rest];
  const refusals = trials.flatMap((trial) => trial.violations);
  if (refusals.length > 0) throw refused(refusals);
  const kept = new Set(objects.map(({ object }) => keyOf(object)));
  return [...trials.flatMap(({ change }) => change ?? []), ...(await findSuperfluous(planning, kept))];
}

interface Trial {
  readonly change?: AppliedObject;
  readonly violations: readonly Violation[];
}

async function tryObject(
  { api, signal }: Planning,
  prepared: PreparedObject,
  differences: Differences,
): Promise<Trial> {
  const { resource, object, source } = prepared;
  try {
    const live = await api.client.find<KubeObject>(resource, object.metadata, signal);
    const applied = await sendObject(api, prepared, live, true);
    if (!live) return created(prepared);
    const { isChanged, diff } = compareObjects(live, applied, differences);
    const change = { ...identityOf(object), action: isChanged ? ('changed' as const) : ('unchanged' as const) };
    return { change: diff === undefined ? change : { ...change, diff }, violations: [] };
  } catch (error) {
    if (isRefusal(error)) return { violations: violationsOf(error, source) };
    throw error;
  }
}

function created({ object }: PreparedObject): Trial {
  return { change: { ...identityOf(object), action: 'created' }, violations: [] };
}

/** What an object is called in an answer. */
export function identityOf({ apiVersion, kind, metadata }: KubeObject) {
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? null };
}

function isNamespace({ resource }: PreparedObject): boolean {
  return resource.kind === 'Namespace' && resource.apiVersion === 'v1';
}

/** The API cannot judge what lives in a namespace, or is of a kind, that this very file is about to make. */
function isTooEarly({ object, isKindNew }: PreparedObject, newNamespaces: ReadonlySet<string>): boolean {
  return isKindNew || newNamespaces.has(object.metadata.namespace ?? '');
}

function refused(violations: readonly Violation[]): AppError {
  return new AppError('unprocessable', `the session's API refuses ${violations.length} parts of the file`, {
    publicMessage: 'The session does not take this file.',
    details: { violations: violations.slice(0, mostViolations) },
  });
}
