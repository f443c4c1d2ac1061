import type { FastifyReply } from 'fastify';

/** Aborts when the connection closes, so that nothing goes on for a client that left. */
export function closeSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}
