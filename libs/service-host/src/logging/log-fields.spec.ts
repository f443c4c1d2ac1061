import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { logFields, logText } from './log-fields.js';

describe('what goes into the log', () => {
  it.each(['authorization', 'Authorization', 'apiKey', 'key', 'password', 'access_token', 'env', 'clientSecret'])(
    'has no value of a field named %s, however deep',
    (name) => {
      expect(logFields({ request: { headers: [{ [name]: 'hidden' }] } })).toEqual({
        request: { headers: [{ [name]: '[redacted]' }] },
      });
    },
  );

  it('keeps ids of keys and other harmless names', () => {
    const fields = { keyId: 'k-1', tokens: 3, environmentName: 'local' };
    expect(logFields(fields)).toEqual(fields);
  });

  it('has no credentials of URLs', () => {
    expect(logText('cannot reach postgres://app:hidden@db:5432/x')).toBe('cannot reach postgres://db:5432/x');
  });

  it('is bounded in length and depth, also when a value contains itself', () => {
    const endless: Record<string, unknown> = { text: 'x'.repeat(100_000) };
    endless['self'] = endless;
    expect(JSON.stringify(logFields(endless)).length).toBeLessThan(40_000);
    expect(String(logFields(endless)['text']).length).toBeLessThan(4200);
  });

  it('tells an error with its causes but not what libraries hang on it', () => {
    const driverError = Object.assign(new Error('refused'), { parameters: ['hidden'] });
    const { err } = logFields({ err: new AppError('internal', 'cannot save', { cause: driverError }) });
    expect(err).toMatchObject({ kind: 'internal', message: 'cannot save', cause: { message: 'refused' } });
    expect(JSON.stringify(err)).not.toContain('hidden');
  });
});
