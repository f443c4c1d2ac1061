import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket in front of the engine's that can be shut, so that an engine that is away can be tried out. */
export class EngineProxy {
  readonly dockerHost: string;
  private readonly socketPath = join(tmpdir(), `nalabo-engine-${randomBytes(6).toString('hex')}.sock`);
  private readonly connections = new Set<Socket>();
  private server: Server | undefined;

  constructor(private readonly enginePath: string) {
    this.dockerHost = `unix://${this.socketPath}`;
  }

  async open(): Promise<void> {
    // Half-open: closing a command's standard input must not close its output.
    this.server = createServer({ allowHalfOpen: true }, (client) => this.join(client));
    this.server.listen(this.socketPath);
    await once(this.server, 'listening');
  }

  async shut(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const connection of this.connections) connection.destroy();
    await closed;
  }

  private join(client: Socket): void {
    const engine = createConnection({ path: this.enginePath, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.connections.add(socket);
      socket.on('close', () => {
        this.connections.delete(socket);
        other.destroy();
      });
      // An error is followed by the close above, which is all there is to do.
      socket.on('error', () => other.destroy());
      socket.pipe(other);
    }
  }
}
