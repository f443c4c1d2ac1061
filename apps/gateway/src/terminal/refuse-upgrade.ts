import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ProblemAnswer } from '@nalabo/service-host';

const farewellMilliseconds = 1000;

/** Answers a request for a WebSocket like any other refused request. */
export async function refuseUpgrade(socket: Duplex, { status, headers, problem }: ProblemAnswer): Promise<void> {
  const body = JSON.stringify(problem);
  const fields = {
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'x-content-type-options': 'nosniff',
    connection: 'close',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${problem.title}`, ...lines, '', body].join('\r\n'));
  // A client that does not take the answer must not keep the connection.
  const late = setTimeout(() => socket.destroy(), farewellMilliseconds);
  await once(socket, 'close').catch(() => undefined);
  clearTimeout(late);
}
