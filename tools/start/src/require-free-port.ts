import { createServer } from 'node:net';
import { SetupError } from '@nalabo/setup';

/** Throws `SetupError` when the API could not listen on the port. */
export async function requireFreePort(port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new SetupError('PORT must be a number up to 65535');
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  try {
    await promise;
  } catch (error) {
    throw new SetupError(explain(port, error as NodeJS.ErrnoException), { cause: error });
  }
  await new Promise((closed) => server.close(closed));
}

function explain(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another one: PORT=3001 npm start`;
  return `port ${port} cannot be used: ${message}`;
}
