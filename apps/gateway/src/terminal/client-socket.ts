import type { TerminalCloseReason, TerminalServerMessage } from '@nalabo/contracts';
import type { WebSocket } from 'ws';

/** Output that a client has acknowledged without reading it waits here. */
const longestBuffer = 1024 * 1024;
/** How long a client may take to read why it is closed. */
const farewellMilliseconds = 2000;

/** By RFC 6455: 1000 for an end, 1008 for a fault of the client, 1012 and 1013 for "come back". */
const codes: Readonly<Record<TerminalCloseReason, number>> = {
  exited: 1000,
  idle: 1000,
  closed: 1000,
  session_over: 1000,
  taken_over: 1000,
  shutdown: 1000,
  refused: 1008,
  revoked: 1008,
  protocol: 1008,
  restarting: 1012,
  lost: 1013,
  lagged: 1013,
};

/** The WebSocket of one client, as far as the server writes to it. */
export class ClientSocket {
  private isClosing = false;

  constructor(private readonly socket: WebSocket) {}

  say(message: TerminalServerMessage): void {
    if (!this.isClosing) this.socket.send(JSON.stringify(message));
  }

  /** A client that does not read its output is closed: it may connect again and go on. */
  send(bytes: Buffer): void {
    if (this.isClosing) return;
    if (this.socket.bufferedAmount + bytes.length > longestBuffer) this.close('lagged');
    else this.socket.send(bytes);
  }

  close(reason: TerminalCloseReason, detail: string | null = null): void {
    if (this.isClosing) return;
    this.say({ type: 'closed', reason, detail });
    this.isClosing = true;
    this.socket.close(codes[reason], reason);
    setTimeout(() => this.socket.terminate(), farewellMilliseconds).unref();
  }
}
