import type { KubeObject } from '../cluster/kube-object.js';
import { appliedLabel, learnerFieldManager } from './applied-form.js';
import { refuseForeignObject } from './foreign-object.js';
import type { PreparedObject } from './prepare-objects.js';
import type { SessionApi } from './session-api.js';

/**
 * Makes the object what the file says, or only tries it. A virtual cluster makes Services anew, under a name of its own,
 * to give them the address that they have on the host: of such a Service nothing would ever be the learner's to take
 * away again, so it is replaced as a whole.
 */
export async function sendObject(
  { client, isShared }: SessionApi,
  { object, resource }: PreparedObject,
  live: KubeObject | undefined,
  dryRun = false,
): Promise<KubeObject> {
  if (live && isShared) refuseForeignObject(live, object);
  const options = { resource, fieldManager: learnerFieldManager, dryRun };
  const resourceVersion = isRemade(object) ? versionOfApplied(live) : undefined;
  if (resourceVersion === undefined) return client.apply(object, options);
  return client.replace({ ...object, metadata: { ...object.metadata, resourceVersion } }, options);
}

function isRemade({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === 'v1' && kind === 'Service';
}

function versionOfApplied(live: KubeObject | undefined): string | undefined {
  const { labels, resourceVersion } = live?.metadata ?? {};
  return labels?.[appliedLabel] === undefined ? undefined : resourceVersion;
}
