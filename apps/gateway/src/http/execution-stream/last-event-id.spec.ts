import { describe, expect, it } from 'vitest';
import { lastEventId } from './last-event-id.js';

describe('Last-Event-ID', () => {
  it.each([
    ['0', 0],
    ['57', 57],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j', (header, expected) => {
    expect(lastEventId(header)).toBe(expected);
  });

  it.each(['-1', '1.5', 'abc', ' 1', '9'.repeat(16)])('is refused when it is %j', (header) => {
    expect(() => lastEventId(header)).toThrow('Last-Event-ID');
  });
});
