import type { Isolation, Limits, WorkshopContent } from '@nalabo/contracts';
import type { ComposeModel, ManifestObject } from '@nalabo/infrastructure-port';
import { type ManifestContext, type PolicyViolation, readCompose, readManifests } from '@nalabo/policy';
import { serviceShare } from '@nalabo/session';

export type Reading<Model> = { readonly model: Model } | { readonly violations: readonly PolicyViolation[] };

const noServices: ComposeModel = { services: [], networks: [], volumes: [], folders: [] };

/** The services that a workshop brings, as a learner's would be read in a session with these limits. */
export function readServices({ compose, images, files }: WorkshopContent, limits: Limits): Reading<ComposeModel> {
  if (compose === null) return { model: noServices };
  const context = { images, resources: serviceShare(limits), files: new Set(Object.keys(files)) };
  return readCompose(compose.text, context);
}

/** The objects that a workshop brings into a cluster, as a learner's would be read in a session with this namespace. */
export function readObjects(
  { manifests, images, kubernetes }: WorkshopContent,
  namespace: string,
): Reading<readonly ManifestObject[]> {
  if (manifests === null) return { model: [] };
  const { objects, violations } = readManifests(manifests.text, contextOf(kubernetes.isolation, namespace, images));
  return violations.length > 0 ? { violations } : { model: objects };
}

function contextOf(isolation: Isolation | null, namespace: string, images: readonly string[]): ManifestContext {
  if (isolation !== 'namespace') return { isolation: 'virtual' };
  return { isolation, namespace, images, hostSuffix: null };
}

/** What is told of a rule that is broken, in one line. */
export function inWords({ line, path, rule, message }: PolicyViolation): string {
  const place = [line === null ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return `${place || 'the file'} ${message} (${rule})`;
}
