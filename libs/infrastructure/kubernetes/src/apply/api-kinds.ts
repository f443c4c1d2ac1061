import { AppError } from '@nalabo/kernel';
import { z } from 'zod';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeResource } from '../cluster/kube-resource.js';

/** A kind that an API serves. */
export interface ApiKind extends KubeResource {
  /** Its objects can be listed, applied and removed, and the API has it in no version that it prefers to this one. */
  readonly isPrunable: boolean;
}

const discoverySchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default('') }).default({ name: '' }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                scope: z.enum(['Namespaced', 'Cluster']),
                responseKind: z.object({ kind: z.string() }),
                verbs: z.array(z.string()),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const verbsOfPruning = ['list', 'patch', 'delete'];

/** Everything that an API serves at this moment. */
export async function discoverKinds(api: KubeClient, signal: AbortSignal): Promise<readonly ApiKind[]> {
  const answers = await Promise.all(['/api', '/apis'].map((path) => api.read(path, signal, { accept })));
  return answers.flatMap(kindsOf);
}

/** @throws AppError `unavailable` when the answer is not what an API says of itself. */
export function kindsOf(discovery: unknown): readonly ApiKind[] {
  const parsed = discoverySchema.safeParse(discovery);
  if (!parsed.success) {
    throw new AppError('unavailable', 'the API of the session does not say what it serves', { cause: parsed.error });
  }
  return parsed.data.items.flatMap(({ metadata: { name: group }, versions }) => {
    const preferred = preferredVersions(versions);
    return versions.flatMap(({ version, resources }) =>
      resources.map(({ resource, scope, responseKind, verbs }) => ({
        apiVersion: group === '' ? version : `${group}/${version}`,
        kind: responseKind.kind,
        plural: resource,
        isNamespaced: scope === 'Namespaced',
        isPrunable: preferred.get(resource) === version && verbsOfPruning.every((verb) => verbs.includes(verb)),
      })),
    );
  });
}

type Versions = z.infer<typeof discoverySchema>['items'][number]['versions'];

/** By resource the first version that has it: they come in the order in which the API prefers them. */
function preferredVersions(versions: Versions): ReadonlyMap<string, string> {
  return new Map(
    versions.toReversed().flatMap(({ version, resources }) => resources.map(({ resource }) => [resource, version])),
  );
}
