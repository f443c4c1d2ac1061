import { managedBy } from '@nalabo/infrastructure-port';

/** The prefix of every label of ours on an engine. */
export const labelPrefix = 'io.nalabo.';

/** On the workspace volume: the bytes that were asked for, which no other object remembers. */
export const storageLabel = `${labelPrefix}storage-bytes`;

/** On a session's network: the configured network of the platform's own parts, which sessions never join. */
export const platformNetworkLabel = `${labelPrefix}platform-network`;

type Labels = Readonly<Record<string, string>>;

export function instanceLabels(instance: string): Labels {
  return { [`${labelPrefix}managed-by`]: managedBy, [`${labelPrefix}instance`]: instance };
}

export function sessionLabels(instance: string, sessionId: string): Labels {
  return { ...instanceLabels(instance), [`${labelPrefix}session`]: sessionId };
}

/** 0 when the label is absent or broken, so that such an object counts as older than any other. */
export function generationOf(labels: Labels): number {
  return integerIn(labels, 'generation') ?? 0;
}

export function endsByOf(labels: Labels): number | null {
  return integerIn(labels, 'ends-by') ?? null;
}

export function sessionOf(labels: Labels): string {
  return labels[`${labelPrefix}session`] ?? '';
}

function integerIn(labels: Labels, key: string): number | undefined {
  const text = labels[`${labelPrefix}${key}`] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
