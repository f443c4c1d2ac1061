import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { appliedLabel, learnerFieldManager } from './applied-form.js';
import type { PreparedObject } from './prepare-objects.js';

/**
 * Makes the object what the file says, or only tries it. A virtual cluster makes Services anew, under a name of its own,
 * to give them the address that they have on the host: of such a Service nothing would ever be the learner's to take
 * away again, so it is replaced as a whole.
 */
export function sendObject(
  api: KubeClient,
  { object, resource }: PreparedObject,
  live: KubeObject | undefined,
  dryRun = false,
): Promise<KubeObject> {
  const options = { resource, fieldManager: learnerFieldManager, dryRun };
  const { labels, resourceVersion } = live?.metadata ?? {};
  const isRemade = object.apiVersion === 'v1' && object.kind === 'Service' && labels?.[appliedLabel] !== undefined;
  if (!isRemade || resourceVersion === undefined) return api.apply(object, options);
  return api.replace({ ...object, metadata: { ...object.metadata, resourceVersion } }, options);
}
