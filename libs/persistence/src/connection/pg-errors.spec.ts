import { AppError } from '@nalabo/kernel';
import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isTransactionConflict, translatePgError } from './pg-errors.js';

function queryFailure(code: string): QueryFailedError {
  return new QueryFailedError('SELECT secret', ['s3cret'], Object.assign(new Error('refused'), { code }));
}

describe('an error of the database', () => {
  it.each([
    ['57P01', 'unavailable'],
    ['08006', 'unavailable'],
    ['53300', 'unavailable'],
    ['57014', 'timeout'],
    ['55P03', 'timeout'],
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['23505', 'conflict'],
    ['42P01', 'internal'],
  ])('with the code %s is of kind %s', (code, kind) => {
    const translated = translatePgError(queryFailure(code));
    expect(translated).toMatchObject({ kind });
    expect((translated as AppError).publicMessage).not.toContain('refused');
  });

  it.each([
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
  ])('of the connection is unavailable and worth a later retry: %s', (thrown) => {
    expect(translatePgError(thrown)).toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 2 } });
  });

  it('is left alone when it is none', () => {
    const ours = new AppError('not_found', 'no such session');
    const foreign = new TypeError('x is not a function');
    expect(translatePgError(ours)).toBe(ours);
    expect(translatePgError(foreign)).toBe(foreign);
    expect(translatePgError('text')).toBe('text');
  });

  it('asks for another attempt only when transactions collided', () => {
    expect(isTransactionConflict(queryFailure('40P01'))).toBe(true);
    expect(isTransactionConflict(queryFailure('23505'))).toBe(false);
  });
});
