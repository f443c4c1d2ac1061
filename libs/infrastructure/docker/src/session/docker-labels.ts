import { managedBy, ownedIdentity, type OwnedIdentity } from '@nalabo/infrastructure-port';

/** The prefix of every label of ours on an engine. */
export const labelPrefix = 'io.nalabo.';

/** On the workspace volume: the bytes that were asked for, which no other object remembers. */
export const storageLabel = `${labelPrefix}storage-bytes`;

/** On a session's network: the configured network of the platform's own parts, which sessions never join. */
export const platformNetworkLabel = `${labelPrefix}platform-network`;

/** On an image that was built for a session, and on all that is made on the way to it: what is built. */
export const buildLabel = `${labelPrefix}build`;

type Labels = Readonly<Record<string, string>>;

export function instanceLabels(instance: string): Labels {
  return { [`${labelPrefix}managed-by`]: managedBy, [`${labelPrefix}instance`]: instance };
}

export function sessionLabels(instance: string, sessionId: string): Labels {
  return { ...instanceLabels(instance), [`${labelPrefix}session`]: sessionId };
}

export const identityOf = (labels: Labels): OwnedIdentity => ownedIdentity(labels, labelPrefix);
