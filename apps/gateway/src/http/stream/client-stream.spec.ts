import { EventEmitter, getEventListeners } from 'node:events';
import type { FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { ClientStream } from './client-stream.js';

function anAnswer(isClosed: boolean) {
  const raw = Object.assign(new EventEmitter(), { closed: isClosed, destroy: () => undefined });
  return { raw, reply: { raw, headers: () => undefined } as unknown as FastifyReply };
}

it('keeps nothing of a client that has left, however early', () => {
  const stopping = new AbortController();
  const kept = (): number => getEventListeners(stopping.signal, 'abort').length;
  const { raw, reply } = anAnswer(false);
  new ClientStream(reply, 'text/plain', stopping.signal);
  expect(kept()).toBe(1);
  raw.emit('close');
  expect(kept()).toBe(0);
  new ClientStream(anAnswer(true).reply, 'text/plain', stopping.signal);
  expect(kept()).toBe(0);
});
