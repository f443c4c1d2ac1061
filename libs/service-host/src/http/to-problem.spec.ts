import { problemSchema } from '@nalabo/contracts';
import { AppError, type ErrorDetails } from '@nalabo/kernel';
import { NotFoundException, PayloadTooLargeException, ServiceUnavailableException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { toProblem } from './to-problem.js';

describe('a problem', () => {
  it.each([
    [new AppError('not_found', 'no session x'), 404, 'not_found'],
    [new AppError('unprocessable', 'no such target'), 422, 'unprocessable'],
    [new AppError('cancelled', 'gone away'), 499, 'cancelled'],
    [new NotFoundException('Cannot GET /x'), 404, 'not_found'],
    [new PayloadTooLargeException(), 413, 'invalid_input'],
    [new ServiceUnavailableException(), 503, 'unavailable'],
    [Object.assign(new Error('x'), { statusCode: 415 }), 415, 'invalid_input'],
    [Object.assign(new Error('x'), { statusCode: 418 }), 418, 'invalid_input'],
    [new TypeError('secret of ours'), 500, 'internal'],
    ['a string', 500, 'internal'],
  ])('for %s has the status %i and the kind %s', (thrown, status, kind) => {
    const answer = toProblem(thrown, 'c-1');
    expect(answer).toMatchObject({ status, problem: { status, kind, correlationId: 'c-1' } });
    expect(problemSchema.safeParse(answer.problem).success).toBe(true);
    expect(JSON.stringify(answer)).not.toMatch(/secret|at .*\.ts|Cannot GET/);
  });

  it('asks the client to wait, by the error or one second', () => {
    const waiting = (details: ErrorDetails): unknown =>
      toProblem(new AppError('exhausted', 'full', { details }), 'c-1').headers['retry-after'];
    expect(waiting({})).toBe('1');
    expect(waiting({ retryAfterSeconds: 6.2 })).toBe('7');
    expect(toProblem(new AppError('conflict', 'no'), 'c-1').headers).toEqual({});
  });

  it('names the fields at fault', () => {
    const one = new AppError('invalid_input', 'too long', { details: { field: 'duration' } });
    expect(toProblem(one, 'c-1').problem.violations).toEqual([{ field: 'duration', message: 'too long' }]);
  });

  it('has a code where a program needs more than the kind', () => {
    const refused = new AppError('unprocessable', 'faults', { details: { code: 'policy_violation' } });
    expect(toProblem(refused, 'c-1').problem).toMatchObject({ kind: 'unprocessable', code: 'policy_violation' });
    expect(toProblem(new AppError('unprocessable', 'no'), 'c-1').problem).not.toHaveProperty('code');
  });
});
