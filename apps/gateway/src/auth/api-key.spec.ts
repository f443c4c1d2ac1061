import { describe, expect, it } from 'vitest';
import { hashApiKey, isSameHash, newApiKey, parseApiKey } from './api-key.js';

describe('API keys', () => {
  it('carry their id and 256 random bits', () => {
    const key = newApiKey();
    expect(key.text).toMatch(/^nlb_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(parseApiKey(key.text)).toEqual(key);
    expect(newApiKey().text).not.toBe(key.text);
  });

  it.each(['', 'nlb_', 'nlb_0123_abc', `nlb_0123456789abcdef_${'a'.repeat(42)}`, `nlb_${'a'.repeat(1_048_576)}`])(
    'are refused when malformed (case %#)',
    (text) => {
      expect(parseApiKey(text)).toBeUndefined();
    },
  );

  it('hash to the same value only for the same key and pepper', () => {
    const key = newApiKey();
    const changed = { ...key, text: key.text.slice(0, -1) + (key.text.endsWith('A') ? 'B' : 'A') };
    const hash = hashApiKey(key, 'pepper');
    expect(isSameHash(hash, hashApiKey(key, 'pepper'))).toBe(true);
    expect(isSameHash(hash, hashApiKey(changed, 'pepper'))).toBe(false);
    expect(isSameHash(hash, hashApiKey(key, 'another pepper'))).toBe(false);
    expect(isSameHash(hash, hash.subarray(1))).toBe(false);
    expect(hash.toString('hex')).not.toContain(key.text.slice(-8));
  });
});
