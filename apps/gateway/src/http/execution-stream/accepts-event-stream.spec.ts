import { expect, it } from 'vitest';
import { acceptsEventStream } from './accepts-event-stream.js';

it.each([
  ['text/event-stream', true],
  ['Text/Event-Stream', true],
  ['text/event-stream; charset=utf-8', true],
  ['application/json, text/event-stream', true],
  ['text/event-stream;q=0.5, */*;q=0.1', true],
  ['text/event-stream;q=0.5, application/json', false],
  ['application/json;q=0.5, text/event-stream;q=0.9', true],
  ['text/event-stream;q=0', false],
  ['*/*', false],
  ['text/*', false],
  ['application/json', false],
  ['text/event-streams', false],
  ['', false],
  [undefined, false],
])('reads %j as %j', (accept, expected) => {
  expect(acceptsEventStream(accept)).toBe(expected);
});
