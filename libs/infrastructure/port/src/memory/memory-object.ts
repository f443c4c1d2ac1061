import { folderVolumeCount, sessionObjectName } from '../ownership.js';
import type { SessionRef } from '../reference.js';

export interface MemoryObject {
  readonly kind: 'container' | 'network' | 'volume';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const labelPrefix = 'io.nalabo.';

/** Which part of what was applied an object is: `service/web`. */
export const partLabel = `${labelPrefix}part`;

/** The service that an object is, if any. */
export function serviceOf({ labels }: Pick<MemoryObject, 'labels'>): string | undefined {
  return /^service\/(.+)$/.exec(labels[partLabel] ?? '')?.[1];
}

/** What one session consists of on a memory backend, the workbench's container last. */
export function objectsOf({ sessionId }: SessionRef): readonly Pick<MemoryObject, 'kind' | 'name'>[] {
  const folders = Array.from({ length: folderVolumeCount }, (_, index) => `f${index}`);
  return [
    { kind: 'network', name: sessionObjectName(sessionId) },
    ...['workspace', ...folders].map((part) => ({ kind: 'volume', name: sessionObjectName(sessionId, part) }) as const),
    { kind: 'container', name: sessionObjectName(sessionId) },
  ];
}
