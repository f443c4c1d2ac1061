import { describe, expect, it } from 'vitest';
import { pullFailure } from './pull-failure.js';

describe('pullFailure', () => {
  it.each([
    ['{"status":"Pulling from library/busybox","id":"latest"}', undefined],
    ['', undefined],
    ['{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}', 'manifest unknown'],
    ['{"errorDetail":{"message":"toomanyrequests"}}', 'toomanyrequests'],
  ])('reads %s as %s', (line, expected) => {
    expect(pullFailure(line)).toBe(expected);
  });
});
