import { randomBytes, randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type SessionId = Branded<'SessionId'>;
export type ExecutionId = Branded<'ExecutionId'>;

const base32Alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** 26 characters of lower-case base 32: 130 random bits, legal in every container, namespace and DNS name. */
export const sessionIdPattern = /^[a-z2-7]{26}$/;

export const executionIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function newSessionId(): SessionId {
  // 32 divides 256, so taking five bits of each byte keeps the distribution even.
  const characters = [...randomBytes(26)].map((byte) => base32Alphabet.charAt(byte & 31));
  return characters.join('') as SessionId;
}

export function newExecutionId(): ExecutionId {
  return randomUUID() as ExecutionId;
}

/** An id for messages, leases and correlation. */
export function newId(): string {
  return randomUUID();
}

export function isSessionId(text: string): text is SessionId {
  return sessionIdPattern.test(text);
}
