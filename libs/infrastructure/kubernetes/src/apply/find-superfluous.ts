import type { AppliedObject } from '@nalabo/contracts';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import type { ApiKind } from './api-kinds.js';
import { appliedKindAnnotation, appliedLabel } from './applied-form.js';
import { applyRank } from './apply-order.js';
import { keyOf } from './prepare-objects.js';

export interface SuperfluousQuery {
  readonly api: KubeClient;
  readonly kinds: readonly ApiKind[];
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** What earlier files have made and the present one does not name, in the order of removal. */
export async function findSuperfluous(
  { api, kinds, sessionId, signal }: SuperfluousQuery,
  kept: ReadonlySet<string>,
): Promise<readonly AppliedObject[]> {
  const query = { labelSelector: `${appliedLabel}=${sessionId}` };
  const lists = await Promise.all(
    kinds.filter(({ isPrunable }) => isPrunable).map((kind) => api.listMetadata(kind, query, signal)),
  );
  return lists
    .flat()
    .filter((object) => isOurs(object) && !kept.has(keyOf(object)))
    .toSorted((one, other) => applyRank(other.kind) - applyRank(one.kind))
    .map(({ apiVersion, kind, metadata: { name, namespace = null } }) => ({
      apiVersion,
      kind,
      name,
      namespace,
      action: 'removed',
    }));
}

function isOurs({ kind, metadata: { annotations, deletionTimestamp } }: KubeObject): boolean {
  return deletionTimestamp === undefined && annotations?.[appliedKindAnnotation] === kind;
}
