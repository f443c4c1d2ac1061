import { describe, expect, it } from 'vitest';
import { AppError, backoffDelay, isSessionId, newSessionId, retry, toAppError } from './index.js';

describe('ids', () => {
  it('makes session ids of 26 base-32 characters, each new', () => {
    const ids = new Set(Array.from({ length: 200 }, () => newSessionId()));
    expect(ids.size).toBe(200);
    for (const id of ids) expect(isSessionId(id)).toBe(true);
  });

  it.each(['', 'ABC', '../admin', 'a'.repeat(25), 'a'.repeat(27), `${'a'.repeat(25)}1`])(
    'refuses %j as a session id',
    (text) => {
      expect(isSessionId(text)).toBe(false);
    },
  );
});

describe('AppError', () => {
  it('hides the message of an internal error from clients', () => {
    expect(new AppError('internal', 'password=x').publicMessage).toBe('An internal error occurred.');
    expect(new AppError('conflict', 'already ended').publicMessage).toBe('already ended');
  });

  it('keeps the cause of a foreign error', () => {
    const cause = new Error('boom');
    expect(toAppError(cause)).toMatchObject({ kind: 'internal', message: 'boom', cause });
  });
});

describe('backoff', () => {
  const policy = { firstMilliseconds: 1000, factor: 5, maximumMilliseconds: 25_000 };

  it.each([
    [1, 1000],
    [2, 5000],
    [3, 25_000],
    [9, 25_000],
  ])('waits after failure %i for %i ms', (attempt, expected) => {
    expect(backoffDelay(attempt, policy)).toBe(expected);
  });
});

describe('retry', () => {
  const quick = { attempts: 3, firstMilliseconds: 1, factor: 1, maximumMilliseconds: 1 };

  it('returns the first success', async () => {
    let calls = 0;
    const attempt = (): Promise<string> => {
      calls += 1;
      return calls < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve('done');
    };
    await expect(retry(attempt, { ...quick, isWorthRetrying: () => true })).resolves.toBe('done');
  });

  it('stops at once at an error that is not worth retrying', async () => {
    let calls = 0;
    const attempt = (): Promise<never> => {
      calls += 1;
      return Promise.reject(new Error('never'));
    };
    await expect(retry(attempt, { ...quick, isWorthRetrying: () => false })).rejects.toThrow('never');
    expect(calls).toBe(1);
  });
});
