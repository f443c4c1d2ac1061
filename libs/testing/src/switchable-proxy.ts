import { once } from 'node:events';
import { createConnection, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

const anyPort = { port: 0, host: '127.0.0.1' } as const;

/** Something in front of a server that can be shut, so that a server that is away can be tried out. */
export class SwitchableProxy {
  private readonly connections = new Set<Socket>();
  private server: Server | undefined;

  /** @param at Where clients connect; without a path, a port of the loopback interface that stays the same. */
  constructor(
    private readonly to: NetConnectOpts,
    private at: { readonly path: string } | { readonly port: number; readonly host: '127.0.0.1' } = anyPort,
  ) {}

  /** Known once it has been opened; 0 for a path. */
  get port(): number {
    return 'port' in this.at ? this.at.port : 0;
  }

  async open(): Promise<void> {
    // Half-open: closing a command's standard input must not close its output.
    this.server = createServer({ allowHalfOpen: true }, (client) => this.join(client));
    this.server.listen(this.at);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address !== null) this.at = { port: address.port, host: '127.0.0.1' };
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
    const server = createConnection({ ...this.to, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, server],
      [server, client],
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
