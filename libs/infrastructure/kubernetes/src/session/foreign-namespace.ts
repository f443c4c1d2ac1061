import { isOwned } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { KubeNamespace } from './kube-pod.js';
import { labelPrefix } from './session-names.js';

/** Whether a namespace that bears the name of a session was made for it by this installation. */
export function isOurs({ metadata }: KubeNamespace, instance: string, sessionId: string): boolean {
  return isOwned(metadata.labels ?? {}, labelPrefix, { instance, sessionId });
}

/** @throws AppError `conflict` when something that is not ours bears the session's name. */
export function refuseForeign(namespace: KubeNamespace | undefined, instance: string, sessionId: string): void {
  if (!namespace || isOurs(namespace, instance, sessionId)) return;
  throw new AppError('conflict', `namespace ${namespace.metadata.name} exists and is not ours`, {
    publicMessage: 'A name of the session is taken by something else on the target.',
  });
}
