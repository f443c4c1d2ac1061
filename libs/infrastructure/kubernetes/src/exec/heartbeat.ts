import type { WebSocket } from 'ws';

export interface HeartbeatTiming {
  readonly pingIntervalMs: number;
  /** How long the cluster may take to answer a ping. */
  readonly pongDeadlineMs: number;
}

/**
 * Tells a dead connection from a silent one, and cuts it. The cluster answers a ping only when it has passed on the
 * input in front of it, and we read the answer only while somebody takes the output: neither is held against it.
 */
export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private deadline: NodeJS.Timeout | undefined;
  private sent = 0;
  private answered = 0;
  private behindInput = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly timing: HeartbeatTiming,
  ) {
    this.timer = setInterval(() => this.ping(), timing.pingIntervalMs);
    socket.on('pong', (payload) => {
      this.answered = Number(payload.toString());
      this.giveTime();
    });
    socket.on('message', () => this.giveTime());
    socket.on('close', () => {
      clearInterval(this.timer);
      this.giveTime();
    });
  }

  /** To be called when input has been sent: the answer to the ping behind it shows that it was taken. */
  inputSent(): void {
    this.ping();
    this.behindInput = this.sent;
  }

  private ping(): void {
    this.sent += 1;
    this.socket.ping(String(this.sent));
    this.deadline ??= setTimeout(() => this.judge(), this.timing.pongDeadlineMs);
  }

  private giveTime(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  private judge(): void {
    this.deadline = undefined;
    const isInputTaken = this.answered >= this.behindInput;
    if (isInputTaken && !this.socket.isPaused) this.socket.terminate();
  }
}
