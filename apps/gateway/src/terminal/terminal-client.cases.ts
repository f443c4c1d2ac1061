import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  type TerminalClientMessage,
  terminalProtocol,
  type TerminalServerMessage,
  terminalServerMessageSchema,
} from '@nalabo/contracts';
import { eventually } from '@nalabo/testing';
import WebSocket from 'ws';

type MessageOf<Type> = Extract<TerminalServerMessage, { type: Type }>;

export interface Refusal {
  readonly status: number | undefined;
  readonly body: string;
}

/** A client of the protocol, over a real socket. */
export class TerminalClient {
  readonly messages: TerminalServerMessage[] = [];
  private readonly pieces: Buffer[] = [];
  /** Whether what was shown is acknowledged. */
  acknowledges = true;
  code: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return void this.messages.push(terminalServerMessageSchema.parse(JSON.parse(data.toString())));
      this.pieces.push(data);
      if (this.acknowledges) this.say({ type: 'received', offset: this.offset });
    });
    socket.on('close', (code) => (this.code = code));
    socket.on('error', () => undefined);
  }

  static connect(address: string, pass: string, headers: Record<string, string> = {}): TerminalClient {
    return new TerminalClient(
      new WebSocket(address.replace(/^http/, 'ws'), [terminalProtocol, pass], { headers, perMessageDeflate: false }),
    );
  }

  /** Connects, and waits until the terminal is there. */
  static async attach(address: string, pass: string): Promise<TerminalClient> {
    const client = TerminalClient.connect(address, pass);
    await client.told('attached');
    return client;
  }

  /** The answer to a client that was not let in. */
  static async refused(address: string, protocols: string[], headers: Record<string, string> = {}): Promise<Refusal> {
    const socket = new WebSocket(address.replace(/^http/, 'ws'), protocols, { headers });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const body: Buffer[] = await response.toArray();
    return { status: response.statusCode, body: Buffer.concat(body).toString() };
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** Of the next byte that is expected. */
  get offset(): number {
    const begin = this.messages.find((message) => message.type === 'attached')?.offset ?? 0;
    return begin + this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  say(message: TerminalClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  type(bytes: Uint8Array | string): void {
    this.socket.send(Buffer.from(bytes), { binary: true });
  }

  told<Type extends TerminalServerMessage['type']>(type: Type, timeoutMs = 10_000): Promise<MessageOf<Type>> {
    return eventually(
      () => {
        const found = this.messages.find((message): message is MessageOf<Type> => message.type === type);
        if (!found) throw new Error(`not told ${type}, but ${JSON.stringify(this.messages)}, closed: ${this.code}`);
        return found;
      },
      { timeoutMs },
    );
  }

  async leave(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.terminate();
    await once(this.socket, 'close');
  }
}
