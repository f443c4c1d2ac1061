import { randomBytes } from 'node:crypto';

/** 192 random bits in an alphabet that needs no quoting in a URL or in a configuration file. */
export function generatePassword(): string {
  return randomBytes(24).toString('base64url');
}
