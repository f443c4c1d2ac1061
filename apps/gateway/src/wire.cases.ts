import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A connection to a server on this machine that can be cut and mended, as when the server goes away and comes back. */
export class Wire {
  private readonly server = createServer((inner) => this.join(inner));
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(private readonly port: number) {}

  static async to(url: string): Promise<{ readonly wire: Wire; readonly url: string }> {
    const wire = new Wire(Number(new URL(url).port));
    wire.server.listen(0, '127.0.0.1');
    await once(wire.server, 'listening');
    const { port } = wire.server.address() as AddressInfo;
    return { wire, url: Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href };
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async remove(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(inner: Socket): void {
    if (this.isCut) return void inner.destroy();
    const outer = connect(this.port, '127.0.0.1');
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
