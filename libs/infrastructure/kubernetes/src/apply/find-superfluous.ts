import type { AppliedObject } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import type { ApiKind } from './api-kinds.js';
import { appliedKindAnnotation, appliedLabel } from './applied-form.js';
import { applyRank } from './apply-order.js';
import { isBuiltIn } from './built-in-namespaces.js';
import { keyOf } from './prepare-objects.js';
import type { SessionApi } from './session-api.js';

export interface SuperfluousQuery {
  readonly api: SessionApi;
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** More would be no answer that anybody reads, and only an API that its learner has set up to make work has more. */
const mostRemovals = 500;
/** Of one kind, with what the file keeps and what controllers have copied our label to. */
const mostListed = 2 * mostRemovals;

/**
 * What earlier files have made and the present one does not name, in the order of removal.
 * @throws AppError `unprocessable` when it is too much.
 */
export async function findSuperfluous(
  { api: { client, kinds, namespace, isShared }, sessionId, signal }: SuperfluousQuery,
  kept: ReadonlySet<string>,
): Promise<readonly AppliedObject[]> {
  const labelSelector = `${appliedLabel}=${sessionId}`;
  const query = { labelSelector, enough: mostListed, ...(isShared ? { namespace } : {}) };
  let count = 0;
  const superfluousOf = async (kind: ApiKind): Promise<readonly KubeObject[]> => {
    const listed = await client.listMetadata(kind, query, signal);
    const superfluous = listed.filter((object) => isOurs(object) && !kept.has(keyOf(object)));
    count += superfluous.length;
    if (count > mostRemovals || listed.length >= mostListed) throw tooMany();
    return superfluous;
  };
  const lists = await Promise.all(kinds.filter(({ isPrunable }) => isPrunable).map(superfluousOf));
  return lists
    .flat()
    .toSorted((one, other) => applyRank(other.kind) - applyRank(one.kind))
    .map(({ apiVersion, kind, metadata: { name, namespace = null } }) => ({
      apiVersion,
      kind,
      name,
      namespace,
      action: 'removed',
    }));
}

function isOurs({ apiVersion, kind, metadata }: KubeObject): boolean {
  const { name, annotations, deletionTimestamp } = metadata;
  const isMarked = deletionTimestamp === undefined && annotations?.[appliedKindAnnotation] === kind;
  return isMarked && !isBuiltIn({ apiVersion, kind, name });
}

function tooMany(): AppError {
  const publicMessage = `The session has more than ${mostRemovals} objects that are not in the file. Remove some of them first.`;
  return new AppError('unprocessable', `more than ${mostRemovals} objects would be removed`, { publicMessage });
}
