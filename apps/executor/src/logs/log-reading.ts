import { serviceLogFrameBytes, type ServiceLogFrame, serviceLogMilliseconds } from '@nalabo/contracts';
import { ReleasePace } from '../live/release-pace.js';
import { mustWait, type ReadingEnd } from './log-admission.js';

/** Sends one frame to the reader; false, and nothing is sent, while the message bus is away. */
export type SendLogFrame = (frame: ServiceLogFrame) => boolean;

/**
 * One reader of the log of a service. It holds what reads the infrastructure only as long as its reader gives signs of life,
 * and lets it read no faster than the client takes.
 */
export class LogReading {
  private readonly stop = new AbortController();
  private readonly pace = new ReleasePace(() => this.release());
  private readonly silence: NodeJS.Timeout;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private sent = 0;
  private taken = 0;
  private ending: ReadingEnd | undefined;
  private goOn: () => void = () => undefined;

  constructor(
    private readonly send: SendLogFrame,
    silenceMilliseconds: number = serviceLogMilliseconds.silence,
  ) {
    this.silence = setTimeout(() => this.end('left'), silenceMilliseconds).unref();
  }

  /** Aborts when nothing more is to be read. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Why nothing more is to be read; undefined while something is. */
  get ended(): ReadingEnd | undefined {
    return this.ending;
  }

  /** Hands the log on until it ends or is ended, and tells the reader why. Rejects with what the log throws. */
  async run(log: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.handOn(log);
      this.end('complete');
    } catch (thrown) {
      this.end('lost');
      throw thrown;
    } finally {
      this.pace.stop();
      this.release();
      if (this.ending !== undefined && this.ending !== 'left') {
        this.send({ kind: 'ended', offset: this.sent, end: this.ending });
      }
    }
  }

  /** A sign of life of the reader, which has everything before `taken`. */
  keep(taken: number): void {
    this.silence.refresh();
    // A client can't have what was never sent, and time doesn't go back.
    this.taken = Math.max(this.taken, Math.min(taken, this.sent));
    this.goOn();
  }

  /** The first end counts. */
  end(reason: ReadingEnd): void {
    this.ending ??= reason;
    clearTimeout(this.silence);
    this.stop.abort();
    this.goOn();
  }

  private async handOn(log: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of log) {
      if (this.signal.aborted) return;
      this.waiting.push(chunk);
      this.waitingBytes += chunk.length;
      if (this.waitingBytes >= serviceLogFrameBytes) this.release();
      else this.pace.hasCome();
      while (mustWait(this.sent, this.taken) && !this.signal.aborted) await this.untilTaken();
    }
  }

  private untilTaken(): Promise<void> {
    return new Promise((resolve) => {
      this.goOn = resolve;
    });
  }

  private release(): void {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    for (let start = 0; start < bytes.length; start += serviceLogFrameBytes) {
      const piece = bytes.subarray(start, start + serviceLogFrameBytes);
      // What is not sent now is missing for good, so the reader has to begin anew.
      if (!this.send({ kind: 'output', offset: this.sent, data: piece.toString('base64') })) return this.end('left');
      this.sent += piece.length;
    }
  }
}
