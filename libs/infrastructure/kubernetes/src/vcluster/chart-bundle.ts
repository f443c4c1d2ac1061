import { AppError } from '@nalabo/kernel';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { KubeObject } from '../cluster/kube-object.js';
import type { ChartRequest } from './render-chart.js';

/** Stands for the namespace of a session in a rendered chart. */
export const namespacePlaceholder = 'placeholder-of-the-namespace';

/** Kinds that live and end with a namespace. A chart that makes anything else is refused. */
const acceptedKinds: ReadonlySet<string> = new Set([
  'v1 ServiceAccount',
  'v1 Secret',
  'v1 Service',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
  'apps/v1 Deployment',
]);

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.literal(namespacePlaceholder) }),
});

export type Render = (request: ChartRequest) => Promise<string>;

/** Rendered charts. Each is rendered once per version of the host and settings; a failure is tried again. */
export class ChartBundle {
  private readonly rendered = new Map<string, Promise<readonly KubeObject[]>>();

  constructor(private readonly render: Render) {}

  /** @throws AppError `unavailable` or `unprocessable` */
  async objects(request: Omit<ChartRequest, 'namespace'>): Promise<readonly KubeObject[]> {
    const key = JSON.stringify(request);
    const known = this.rendered.get(key);
    if (known) return known;
    const rendering = this.render({ ...request, namespace: namespacePlaceholder }).then(parseChart);
    this.rendered.set(key, rendering);
    try {
      return await rendering;
    } catch (error) {
      this.rendered.delete(key);
      throw error;
    }
  }
}

/** @throws AppError `unprocessable` when it would make anything outside the namespace, or what nobody has looked at. */
export function parseChart(manifests: string): readonly KubeObject[] {
  const documents = parseAllDocuments(manifests).map((document) => document.toJS() as unknown);
  return documents.filter((document) => document !== null).map(toObject);
}

function toObject(document: unknown): KubeObject {
  const parsed = objectSchema.safeParse(document);
  if (!parsed.success) throw refused(`an object is not one of the session's namespace: ${parsed.error.message}`);
  const { apiVersion, kind, metadata } = parsed.data;
  if (!acceptedKinds.has(`${apiVersion} ${kind}`)) {
    throw refused(`${apiVersion} ${kind} ${metadata.name} is not what a session may be made of`);
  }
  return parsed.data as KubeObject;
}

function refused(reason: string): AppError {
  return new AppError('unprocessable', `the chart of virtual clusters: ${reason}`, {
    publicMessage: 'The infrastructure target is not set up for virtual clusters.',
  });
}
