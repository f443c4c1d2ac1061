import {
  type ReplyOf,
  type RequestOf,
  type rpcs,
  type TerminalCloseReason,
  type TerminalEnd,
  type TerminalFrame,
  terminalLimits,
  type TerminalSize,
  terminalTurnMilliseconds,
} from '@nalabo/contracts';
import type { Terminal } from '@nalabo/infrastructure-port';
import { AppError, type Clock } from '@nalabo/kernel';
import { Attachment } from './attachment.js';
import { firstOffset, mustPause } from './flow-control.js';
import { OutputRing } from './output-ring.js';
import { TerminalInput } from './terminal-input.js';

type AttachRequest = Pick<RequestOf<typeof rpcs.executor.attachTerminal>, 'attachmentId' | 'mode' | 'offset' | 'size'>;
type TurnRequest = RequestOf<typeof rpcs.executor.turnTerminal>;
type TurnReply = ReplyOf<typeof rpcs.executor.turnTerminal>;
export type AttachedAt = Pick<ReplyOf<typeof rpcs.executor.attachTerminal>, 'offset' | 'end' | 'size'>;

export interface TerminalSessionParts {
  readonly terminal: Terminal;
  readonly size: TerminalSize;
  readonly clock: Clock;
  /** False, and nothing is sent, while the message bus is away. */
  readonly publish: (attachmentId: string, frame: TerminalFrame) => boolean;
}

const idleMilliseconds = terminalLimits.idleMinutes * 60_000;

/** One open terminal: its newest output, and who is connected to it. It is closed when `run` resolves. */
export class TerminalSession {
  private readonly ring = new OutputRing(terminalLimits.keptBytes);
  private readonly attachments = new Map<string, Attachment>();
  private readonly input: TerminalInput;
  private readonly ending = Promise.withResolvers<TerminalEnd>();
  private size: TerminalSize;
  private lastInput: number;
  private hasEnded = false;
  private goOn: () => void = () => undefined;

  constructor(private readonly parts: TerminalSessionParts) {
    this.size = parts.size;
    this.lastInput = this.now();
    this.input = new TerminalInput((bytes) => parts.terminal.write(bytes));
  }

  /**
   * Hands output on until the shell has ended or `end` was called, and says which.
   * @throws AppError `unavailable` or `timeout` when nobody can say whether the shell is ended.
   */
  async run(): Promise<TerminalEnd> {
    const { terminal } = this.parts;
    const end = await Promise.race([this.readAll(), this.ending.promise]);
    this.hasEnded = true;
    this.attachments.clear();
    this.goOn();
    await terminal.close();
    return end;
  }

  /** Ends the terminal, and tells everybody who is connected why. */
  end(reason: TerminalEnd): void {
    if (this.hasEnded) return;
    this.tellAll({ kind: 'closed', reason });
    this.hasEnded = true;
    this.ending.resolve(reason);
  }

  /** @throws AppError `gone` after the end, `exhausted` when there are too many watchers. */
  attach({ attachmentId, mode, offset, size }: AttachRequest): AttachedAt {
    if (this.hasEnded)
      throw new AppError('gone', 'the terminal has ended', { publicMessage: 'The terminal has ended.' });
    if (mode === 'watch') this.requireRoomForWatcher();
    else this.takeOver(size);
    const start = { mode, offset: firstOffset(offset, this.ring), now: this.now() };
    const attachment = new Attachment(start, (frame) => this.parts.publish(attachmentId, frame));
    this.attachments.set(attachmentId, attachment);
    attachment.pump(this.ring);
    return { offset: start.offset, end: this.ring.end, size: this.size };
  }

  /**
   * @throws AppError `not_found` for an attachment that is over, `forbidden` when a watcher types, `exhausted` for more
   * input than there is room.
   */
  turn(request: TurnRequest): TurnReply {
    const attachment = this.attachments.get(request.attachmentId);
    if (!attachment) throw new AppError('not_found', 'the connection to the terminal is over');
    attachment.lastSeen = this.now();
    if (request.turn > attachment.lastTurn) {
      this.take(attachment, request);
      attachment.lastTurn = request.turn;
    }
    attachment.acknowledge(request.received);
    if (request.rewind) attachment.rewind();
    this.pump(request.attachmentId, attachment);
    this.goOn();
    return { sent: attachment.sent, room: this.input.room };
  }

  detach(attachmentId: string): void {
    this.attachments.delete(attachmentId);
    this.goOn();
  }

  /** Drops connections that are not heard of any more, and ends a terminal into which nobody types. */
  tidy(): void {
    const now = this.now();
    for (const [id, { lastSeen }] of this.attachments) {
      if (now - lastSeen > terminalTurnMilliseconds.silence) this.close(id, 'lost');
    }
    if (now - this.lastInput > idleMilliseconds) this.end('idle');
  }

  private async readAll(): Promise<TerminalEnd> {
    const { terminal } = this.parts;
    await terminal.read((chunk) => this.takeOutput(chunk));
    const exitCode = await terminal.ended();
    if (this.hasEnded) return this.ending.promise;
    this.tellAll(exitCode === null ? { kind: 'closed', reason: 'lost' } : { kind: 'ended', exitCode });
    return exitCode === null ? 'lost' : 'exited';
  }

  private async takeOutput(chunk: Uint8Array): Promise<void> {
    this.ring.append(chunk);
    for (const [id, attachment] of this.attachments) this.pump(id, attachment);
    while (mustPause(this.owner(), this.ring)) {
      await new Promise<void>((resolve) => {
        this.goOn = resolve;
      });
    }
  }

  private take({ mode }: Attachment, { input, size }: TurnRequest): void {
    if (input === '' && size === null) return;
    if (mode === 'watch') throw new AppError('forbidden', 'who watches a terminal does not type into it');
    if (size) this.resize(size);
    const bytes = Buffer.from(input, 'base64');
    if (bytes.length === 0) return;
    if (!this.input.take(bytes)) throw new AppError('exhausted', 'the terminal has no room for so much input');
    this.lastInput = this.now();
  }

  private takeOver(size: TerminalSize): void {
    for (const [id, { mode }] of this.attachments) {
      if (mode === 'own') this.close(id, 'taken_over');
    }
    this.resize(size);
  }

  private resize(size: TerminalSize): void {
    if (size.columns === this.size.columns && size.rows === this.size.rows) return;
    this.size = size;
    this.parts.terminal.resize(size);
    for (const attachment of this.attachments.values()) {
      if (attachment.mode === 'watch') attachment.tell({ kind: 'resize', ...size });
    }
  }

  private requireRoomForWatcher(): void {
    const watchers = [...this.attachments.values()].filter(({ mode }) => mode === 'watch');
    if (watchers.length < terminalLimits.watchersPerTerminal) return;
    throw new AppError('exhausted', `a terminal has at most ${terminalLimits.watchersPerTerminal} watchers`);
  }

  private owner(): Attachment | undefined {
    return [...this.attachments.values()].find(({ mode }) => mode === 'own');
  }

  private pump(id: string, attachment: Attachment): void {
    if (!attachment.pump(this.ring)) this.close(id, 'lagged');
  }

  private close(id: string, reason: TerminalCloseReason): void {
    this.attachments.get(id)?.tell({ kind: 'closed', reason });
    this.detach(id);
  }

  private tellAll(frame: TerminalFrame): void {
    for (const attachment of this.attachments.values()) attachment.tell(frame);
  }

  private now(): number {
    return this.parts.clock.now().getTime();
  }
}
