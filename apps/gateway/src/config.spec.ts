import { describe, expect, it } from 'vitest';
import { newApiKey } from './auth/api-key.js';
import { gatewayConfigSchema } from './config.js';

const needed = {
  DATABASE_URL: 'postgres://gateway@localhost/nalabo',
  NATS_URL: 'nats://localhost',
  API_KEY_PEPPER: 'p'.repeat(32),
};

describe('the configuration of the gateway', () => {
  it('needs its servers and the pepper, and has a default for the rest', () => {
    expect(gatewayConfigSchema.parse(needed)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      NALABO_REQUESTS_PER_SECOND: 50,
      NALABO_REQUEST_BURST: 100,
    });
  });

  it('takes a first key of the right form', () => {
    const key = newApiKey().text;
    expect(gatewayConfigSchema.parse({ ...needed, NALABO_BOOTSTRAP_KEY: key }).NALABO_BOOTSTRAP_KEY).toBe(key);
  });

  it.each([
    [{ API_KEY_PEPPER: 'short' }, 'API_KEY_PEPPER'],
    [{ NALABO_BOOTSTRAP_KEY: 'admin' }, 'NALABO_BOOTSTRAP_KEY'],
    [{ PORT: '70000' }, 'PORT'],
  ])('names the fault in %j', (fault, name) => {
    const issues = gatewayConfigSchema.safeParse({ ...needed, ...fault }).error?.issues;
    expect(issues?.map(({ path }) => path)).toEqual([[name]]);
  });
});
