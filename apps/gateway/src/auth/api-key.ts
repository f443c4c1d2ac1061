import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface ApiKey {
  readonly keyId: string;
  /** The whole key as a client sends it. It is shown once and never stored. */
  readonly text: string;
}

const apiKeyPattern = /^nlb_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;
const secretBytes = 32;

/** Longer texts are refused unread, so that nobody can make the gateway hash or log megabytes. */
const maximumKeyLength = 128;

export function newApiKey(): ApiKey {
  const keyId = randomBytes(8).toString('hex');
  return { keyId, text: `nlb_${keyId}_${randomBytes(secretBytes).toString('base64url')}` };
}

/** Undefined when the text does not have the form of a key. */
export function parseApiKey(text: string): ApiKey | undefined {
  if (text.length > maximumKeyLength) return undefined;
  const keyId = apiKeyPattern.exec(text)?.[1];
  return keyId === undefined ? undefined : { keyId, text };
}

/** A keyed hash is enough for 256 random bits, and a stolen table is useless without the pepper. */
export function hashApiKey(key: ApiKey, pepper: string): Buffer {
  return createHmac('sha256', pepper).update(key.text).digest();
}

export function isSameHash(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
