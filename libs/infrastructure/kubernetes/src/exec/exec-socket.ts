import { on } from 'node:events';
import type { TerminalSize } from '@nalabo/infrastructure-port';
import type { WebSocket } from 'ws';
import { endOfInputFrame, inputFrames, resizeFrame } from './exec-frames.js';
import { Heartbeat, type HeartbeatTiming } from './heartbeat.js';

export interface ExecFrame {
  readonly channel: number;
  readonly payload: Uint8Array;
}

/** One open exec connection. */
export class ExecSocket {
  private readonly messages: ReturnType<typeof on>;
  private readonly heartbeat: Heartbeat;

  /** @param socket Has just been opened, so that no message has come yet. */
  constructor(
    private readonly socket: WebSocket,
    timing: HeartbeatTiming,
  ) {
    // The reading of the socket is paused while more than one message waits to be taken.
    this.messages = on(socket, 'message', { close: ['close'], highWaterMark: 1, lowWaterMark: 1 });
    this.heartbeat = new Heartbeat(socket, timing);
  }

  /** What comes, not faster than it is taken, until the connection ends for whatever reason. */
  async *frames(): AsyncGenerator<ExecFrame> {
    try {
      for await (const [message] of this.messages as AsyncIterable<[Buffer]>) {
        if (message.length > 1) yield { channel: message[0] ?? 0, payload: message.subarray(1) };
      }
    } catch {
      // The connection broke. That the frame with the status is missing says as much.
      return;
    }
  }

  /** Resolves when the bytes have left, or cannot any more. */
  async write(bytes: Uint8Array): Promise<void> {
    for (const frame of inputFrames(bytes)) await this.send(frame);
    this.heartbeat.inputSent();
  }

  endInput(): void {
    void this.send(endOfInputFrame);
  }

  /** The size of the terminal from now on, in characters. */
  resize({ columns, rows }: TerminalSize): Promise<void> {
    return this.send(resizeFrame(columns, rows));
  }

  close(): void {
    this.socket.terminate();
  }

  private send(frame: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.socket.send(frame, () => resolve()));
  }
}
