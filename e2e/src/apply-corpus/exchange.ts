import { connect } from 'node:net';

const patienceMilliseconds = 60_000;

/** Sends bytes on a connection of their own, and gives what comes back until the other side ends it. */
export async function exchange(port: number, sent: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: '127.0.0.1', port });
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  // Whoever refuses may cut the connection off while we are still sending: what came before is the answer.
  socket.on('error', () => resolve(received)).on('close', () => resolve(received));
  const timer = setTimeout(() => reject(new Error(`nobody ended the connection: ${received}`)), patienceMilliseconds);
  socket.write(sent);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
