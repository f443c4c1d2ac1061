import type { ManifestsModel, ManifestObject } from '@nalabo/infrastructure-port';
import type { Violation } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import type { KubeResource } from '../cluster/kube-resource.js';
import type { ApiKind } from './api-kinds.js';
import { appliedForm } from './applied-form.js';
import { inApplyOrder } from './apply-order.js';
import { customKindsOf } from './custom-kinds.js';

/** One object of the file, ready to be sent. */
export interface PreparedObject {
  readonly source: ManifestObject;
  readonly resource: KubeResource;
  readonly object: KubeObject;
  /** The API does not know the kind yet: the file itself defines it. */
  readonly isKindNew: boolean;
}

export interface Preparation {
  /** In the order in which they are made. */
  readonly objects: readonly PreparedObject[];
  readonly violations: readonly Violation[];
}

/** What an API serves, and where objects go that name no namespace. */
export interface Places {
  readonly kinds: readonly ApiKind[];
  readonly namespace: string;
}

/** Finds a place for every object of a file among the kinds that an API serves. */
export function prepareObjects(model: ManifestsModel, places: Places, sessionId: string): Preparation {
  const objects: PreparedObject[] = [];
  const violations: Violation[] = [];
  const seen = new Set<string>();
  const custom = customKindsOf(model.objects);
  for (const source of inApplyOrder(model.objects)) {
    const known = places.kinds.find(isKindOf(source));
    const resource = known ?? custom.find(isKindOf(source));
    if (!resource) {
      violations.push(fault(source, 'kind', `the session has no kind ${source.kind} in ${source.apiVersion}`));
      continue;
    }
    const namespace = resource.isNamespaced ? (source.namespace ?? places.namespace) : source.namespace;
    const object = appliedForm(source, namespace, sessionId);
    const key = keyOf(object);
    if (seen.has(key)) violations.push(fault(source, 'metadata.name', 'the same object stands in the file twice'));
    seen.add(key);
    objects.push({ source, resource, object, isKindNew: known === undefined });
  }
  return { objects, violations };
}

/** What makes an object the same one: its version is only a way to look at it. */
export function keyOf(object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  const { name, namespace = '' } = object.metadata;
  return JSON.stringify([groupOf(object.apiVersion), object.kind, namespace, name]);
}

/** A fault that has to do with one object of the file. */
export function fault({ document, line }: ManifestObject, path: string, message: string): Violation {
  return { field: 'configuration', path, message, document, line };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function isKindOf({ apiVersion, kind }: ManifestObject): (resource: KubeResource) => boolean {
  return (resource) => resource.apiVersion === apiVersion && resource.kind === kind;
}
