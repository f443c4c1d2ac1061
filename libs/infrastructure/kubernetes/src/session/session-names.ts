import type { Isolation } from '@nalabo/contracts';
import { isolationSchema } from '@nalabo/contracts';
import {
  managedBy,
  ownedIdentity,
  ownershipOf,
  prefixedLabels,
  sessionObjectName,
  type OwnedIdentity,
  type SessionSpec,
} from '@nalabo/infrastructure-port';

/** The prefix of every label of ours on a cluster. */
export const labelPrefix = 'nalabo.io/';
/** What a pod of ours is in its session; a pod that a virtual cluster has synced is none of ours whatever it carries. */
export const partLabel = `${labelPrefix}part`;
export const isolationLabel = `${labelPrefix}isolation`;
/** On the workbench: how many restarts of its container the platform has taken note of. */
export const restartsAnnotation = `${labelPrefix}restarts`;
/** On the workbench: the uid of the control plane's pod that the platform has taken note of. */
export const controlPlaneAnnotation = `${labelPrefix}control-plane`;

/** On the namespace: the bytes of workspace that were asked for. */
export const storageAnnotation = `${labelPrefix}storage-bytes`;

/** On the namespace of a session whose workshop brings objects: whether they are there yet. */
export const initialAnnotation = `${labelPrefix}initial`;
export type InitialState = 'pending' | 'applied';

export const workbenchName = 'workbench';
/** On every pod that a virtual cluster has made on its host, and on no other. */
export const syncedLabel = 'vcluster.loft.sh/managed-by';
export const kubeconfigSecret = 'session-kubeconfig';

type Labels = Readonly<Record<string, string>>;

export const namespaceOf = (sessionId: string): string => sessionObjectName(sessionId);

/** How something inside a session's namespace is called in lists and receipts. */
export const nameInside = (namespace: string, name: string): string => `${namespace}/${name}`;

export function sessionLabels(instance: string, spec: SessionSpec, isolation: Isolation): Record<string, string> {
  return { ...prefixedLabels(ownershipOf(instance, spec), labelPrefix), [isolationLabel]: isolation };
}

/** Selects everything of one installation. */
export function instanceSelector(instance: string): string {
  return `${labelPrefix}managed-by=${managedBy},${labelPrefix}instance=${instance}`;
}

export function sessionSelector(instance: string, sessionId: string): string {
  return `${instanceSelector(instance)},${labelPrefix}session=${sessionId}`;
}

export const identityOf = (labels: Labels | undefined): OwnedIdentity => ownedIdentity(labels ?? {}, labelPrefix);

export function isolationOf(labels: Labels | undefined): Isolation {
  const parsed = isolationSchema.safeParse(labels?.[isolationLabel]);
  return parsed.success ? parsed.data : 'namespace';
}
