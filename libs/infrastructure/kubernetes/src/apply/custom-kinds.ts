import type { ManifestObject } from '@nalabo/infrastructure-port';
import { z } from 'zod';
import type { KubeResource } from '../cluster/kube-resource.js';

const definitionSchema = z.object({
  spec: z.object({
    group: z.string(),
    scope: z.enum(['Namespaced', 'Cluster']),
    names: z.object({ kind: z.string(), plural: z.string() }),
    versions: z.array(z.object({ name: z.string() })),
  }),
});

export const definitionGroup = 'apiextensions.k8s.io';

export function isDefinition({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return kind === 'CustomResourceDefinition' && apiVersion.startsWith(`${definitionGroup}/`);
}

/** The kinds that objects of the file itself define. */
export function customKindsOf(objects: readonly ManifestObject[]): readonly KubeResource[] {
  return objects.filter(isDefinition).flatMap(({ content }) => {
    // What is wrong with a definition is said by the API, to which it goes as it is.
    const { data } = definitionSchema.safeParse(content);
    if (!data) return [];
    const { group, scope, names, versions } = data.spec;
    return versions.map(({ name }) => ({
      apiVersion: `${group}/${name}`,
      kind: names.kind,
      plural: names.plural,
      isNamespaced: scope === 'Namespaced',
    }));
  });
}
