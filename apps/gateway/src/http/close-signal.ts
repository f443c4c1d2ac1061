import type { FastifyReply } from 'fastify';

/** Aborts when the connection closes, so that nothing goes on for a client that left. */
export function closeSignal({ raw, request }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const close = (): void => controller.abort();
  const { socket } = request.raw;
  // An answer that waits behind another one on its connection is not told when that connection closes.
  socket.once('close', close);
  raw.once('close', () => {
    socket.off('close', close);
    close();
  });
  if (socket.destroyed) close();
  return controller.signal;
}
