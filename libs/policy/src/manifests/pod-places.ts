import { isMap } from '../rules/form.js';
import type { Path } from '../rules/scope.js';

const inTemplate = ['spec', 'template', 'spec'];

/** Where the spec of a pod stands in an object that makes pods. */
export const podPlaces: Readonly<Record<string, Path>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  Deployment: inTemplate,
  StatefulSet: inTemplate,
  DaemonSet: inTemplate,
  ReplicaSet: inTemplate,
  ReplicationController: inTemplate,
  Job: inTemplate,
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

export const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export interface Placed<T> {
  readonly path: Path;
  readonly value: T;
}

/** The containers that an object makes, each with its place. */
export function containersOf(kind: string, content: unknown): readonly Placed<Readonly<Record<string, unknown>>>[] {
  const place = Object.hasOwn(podPlaces, kind) ? podPlaces[kind] : undefined;
  const spec = place && valueAt(content, place);
  if (!place || !isMap(spec)) return [];
  return containerLists.flatMap((list) =>
    itemsOf(spec[list]).flatMap((value, index) => (isMap(value) ? [{ path: [...place, list, index], value }] : [])),
  );
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => (isMap(at) && Object.hasOwn(at, part) ? at[part] : undefined), value);
}

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
