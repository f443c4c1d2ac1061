import type { ExecutionView, OutputFrame, OutputStream } from '@nalabo/contracts';
import type { CommandIo } from '@nalabo/infrastructure-port';
import type { StopCause } from '../command/conclusion.js';
import { OutputCollector } from '../command/output-collector.js';
import { type FinishedFrame, type FramePage, frameCount, framesAfter } from './frames-after.js';
import { OutputPieces } from './output-pieces.js';
import { ReleasePace } from './release-pace.js';

/** A command that runs in this process: what it has printed, who follows it, and how it is stopped. */
export class LiveExecution {
  readonly stop = new AbortController();
  readonly stdout = new OutputCollector(() => this.stopBecause('flood'));
  readonly stderr = new OutputCollector(() => this.stopBecause('flood'));
  readonly pieces = new OutputPieces({ stdout: this.stdout, stderr: this.stderr });

  readonly io: CommandIo = {
    stdout: (chunk) => this.accept('stdout', chunk),
    stderr: (chunk) => this.accept('stderr', chunk),
  };

  private readonly completion = Promise.withResolvers<ExecutionView>();
  private end: Omit<FinishedFrame, 'kind' | 'seq'> | null = null;
  /** Frames up to here need not be published: nobody followed yet, or they are. */
  private publishedUntil = -1;
  private isFollowed = false;
  private isClosed = false;
  private readonly pace = new ReleasePace(() => this.release());

  constructor(
    readonly sessionId: string,
    readonly startedAt: Date,
    private readonly publish: (frame: OutputFrame) => void,
  ) {
    // Only some executions have somebody who waits for their end.
    this.completion.promise.catch(() => undefined);
  }

  /** Resolves when the end is stored; rejects when it cannot be. */
  get ended(): Promise<ExecutionView> {
    return this.completion.promise;
  }

  /** From now on everything is published. */
  follow(): void {
    if (this.isFollowed) return;
    this.isFollowed = true;
    this.publishNew();
  }

  /** Gives what there is behind the number; from now on what comes is published. */
  join(after: number): FramePage {
    if (!this.isFollowed) {
      this.isFollowed = true;
      this.publishedUntil = frameCount(this.framed) - 1;
    }
    return framesAfter(this.framed, after);
  }

  stopBecause(cause: StopCause): void {
    this.stop.abort(cause);
  }

  /** Nothing more is taken, also from a command that was given up and still prints. */
  closeOutput(): void {
    this.isClosed = true;
    this.pace.stop();
    this.pieces.end();
    this.publishNew();
  }

  /** The end is stored as this. */
  finish(view: ExecutionView): void {
    const { outcome, exitCode, truncated, startFailed, durationMs, path, leftProcesses } = view;
    this.end = { outcome, exitCode, truncated, startFailed, durationMs, path, leftProcesses };
    this.publishNew();
    this.completion.resolve(view);
  }

  /** The end could not be stored. */
  fail(error: unknown): void {
    this.completion.reject(error);
  }

  private accept(stream: OutputStream, chunk: Uint8Array): void {
    if (this.isClosed) return;
    this[stream].accept(chunk);
    if (this.pieces.grow(stream)) this.pace.hasCome();
    this.publishNew();
  }

  private release(): void {
    this.pieces.release();
    this.publishNew();
  }

  private publishNew(): void {
    if (!this.isFollowed) return;
    const page = framesAfter(this.framed, this.publishedUntil, Number.POSITIVE_INFINITY);
    for (const frame of page.frames) this.publish(frame);
    this.publishedUntil += page.frames.length;
  }

  private get framed() {
    const { startedAt, end } = this;
    return { startedAt, end, pieces: this.pieces.all, stdout: this.stdout.kept, stderr: this.stderr.kept };
  }
}
