import {
  type Envelope,
  outputSubject,
  type RequestOf,
  rpcs,
  type TerminalFrame,
  terminalLimits,
  type TerminalMode,
  type TerminalSize,
} from '@nalabo/contracts';
import { AppError, newId } from '@nalabo/kernel';
import { HandleRpc, LiveFeed, MessagingModule } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { Controller, type INestApplication } from '@nestjs/common';
import { platform } from '../platform.cases.js';

const { attachTerminal, turnTerminal, detachTerminal, listTerminals, endTerminal } = rpcs.executor;
const instance = newId();

interface Connected {
  readonly mode: TerminalMode;
  sent: number;
  received: number;
  lastTurn: number;
}

/** One terminal, as the gateway sees it: the test is the shell. */
export class TestTerminal {
  readonly connected = new Map<string, Connected>();
  readonly sizes: TerminalSize[] = [];
  readonly asked: Envelope[] = [];
  typed: Buffer = Buffer.alloc(0);
  output: Buffer = Buffer.alloc(0);
  /** Of the output that is kept. */
  start = 0;
  echoes = false;
  /** Whether what is typed waits, in its room, while the owner has not acknowledged what the terminal wrote. */
  waitsForOwner = false;
  private waiting: Buffer = Buffer.alloc(0);
  /** Frames that get lost on the way. */
  losses = 0;
  publish: (attachmentId: string, frame: TerminalFrame) => void = () => undefined;

  constructor(readonly terminalId = newId()) {}

  print(bytes: Uint8Array | string): void {
    this.output = Buffer.concat([this.output, Buffer.from(bytes)]);
    for (const id of this.connected.keys()) this.pump(id);
  }

  /** Much output, without a copy of its own. */
  flood(output: Buffer): void {
    this.output = output;
    for (const id of this.connected.keys()) this.pump(id);
  }

  /** How many bytes of input may come next. */
  get room(): number {
    return terminalLimits.inputBytes - this.waiting.length;
  }

  /** Types the input, and goes on with what waits of it as far as the owner lets it. */
  work(received: number, input: Buffer): void {
    this.waiting = Buffer.concat([this.waiting, input]);
    while (this.waiting.length > 0) {
      if (this.waitsForOwner && this.output.length - received > terminalLimits.unacknowledgedBytes) return;
      const bytes = this.waitsForOwner ? 4096 : this.waiting.length;
      const piece = this.waiting.subarray(0, bytes);
      this.waiting = this.waiting.subarray(bytes);
      this.typed = Buffer.concat([this.typed, piece]);
      if (this.echoes) this.print(piece);
    }
  }

  tellAll(frame: TerminalFrame): void {
    for (const id of this.connected.keys()) this.publish(id, frame);
  }

  pump(id: string): void {
    const one = this.connected.get(id);
    while (one && one.sent < Math.min(this.output.length, one.received + terminalLimits.unacknowledgedBytes)) {
      const data = this.output.subarray(one.sent, Math.min(one.sent + 32_768, one.received + 262_144));
      if (this.losses > 0) this.losses -= 1;
      else this.publish(id, { kind: 'output', offset: one.sent, data: data.toString('base64') });
      one.sent += data.length;
    }
  }
}

export const terminals = new Map<string, TestTerminal>();
/** What the next terminal that is opened will be. */
export const next: { terminal: TestTerminal | undefined } = { terminal: undefined };

@Controller()
class TerminalExecutor {
  constructor(private readonly live: LiveFeed) {}

  @HandleRpc(attachTerminal)
  async attach(request: RequestOf<typeof attachTerminal>, envelope: Envelope) {
    const terminal = request.terminalId === null ? this.open() : terminals.get(request.terminalId);
    if (!terminal) throw new AppError('gone', 'The terminal has ended.');
    terminal.asked.push(envelope);
    if (request.mode === 'own') terminal.sizes.push(request.size);
    const end = terminal.output.length;
    const offset = Math.min(end, Math.max(terminal.start, request.offset ?? 0));
    terminal.connected.set(request.attachmentId, { mode: request.mode, sent: offset, received: offset, lastTurn: 0 });
    terminal.pump(request.attachmentId);
    return { terminalId: terminal.terminalId, instance, offset, end, size: request.size };
  }

  @HandleRpc(turnTerminal)
  async turn(request: RequestOf<typeof turnTerminal>) {
    const terminal = terminals.get(request.terminalId);
    const one = terminal?.connected.get(request.attachmentId);
    if (!terminal || !one) throw new AppError('not_found', 'no such connection');
    const isNew = request.turn > one.lastTurn;
    if (isNew && request.size) terminal.sizes.push(request.size);
    one.lastTurn = request.turn;
    one.received = Math.max(one.received, request.received);
    terminal.work(one.received, isNew ? Buffer.from(request.input, 'base64') : Buffer.alloc(0));
    if (request.rewind) one.sent = one.received;
    terminal.pump(request.attachmentId);
    return { sent: one.sent, room: terminal.room };
  }

  @HandleRpc(detachTerminal)
  async detach({ terminalId, attachmentId }: RequestOf<typeof detachTerminal>) {
    terminals.get(terminalId)?.connected.delete(attachmentId);
    return {};
  }

  @HandleRpc(listTerminals)
  async list({ sessionId }: { sessionId: string }, { actor }: Envelope) {
    const session = platform.sessions.get(sessionId);
    if (!session || (actor.role === 'learner' && session.ownerId !== actor.ownerId)) {
      throw new AppError('not_found', `no session ${sessionId}`, { publicMessage: 'There is no such session.' });
    }
    const items = [...terminals.keys()].map((terminalId) => viewOf(sessionId, terminalId));
    return { items };
  }

  @HandleRpc(endTerminal)
  async end({ sessionId, terminalId }: RequestOf<typeof endTerminal>) {
    terminals.get(terminalId)?.tellAll({ kind: 'closed', reason: 'closed' });
    terminals.delete(terminalId);
    return { ...viewOf(sessionId, terminalId), endedAt: '2026-01-01T00:00:00.000Z', end: 'closed' as const };
  }

  private open(): TestTerminal {
    const terminal = next.terminal ?? new TestTerminal();
    next.terminal = undefined;
    terminal.publish = (id, frame) => void this.live.publish(outputSubject(id), frame);
    terminals.set(terminal.terminalId, terminal);
    return terminal;
  }
}

function viewOf(sessionId: string, terminalId: string) {
  return { terminalId, sessionId, openedAt: '2026-01-01T00:00:00.000Z', endedAt: null, end: null };
}

export function startTerminalExecutor(natsUrl: string): Promise<INestApplication> {
  class ExecutorOfTheTest {}
  const messaging = MessagingModule.forRoot({ url: natsUrl, service: 'executor', instance });
  return startApplication({ module: ExecutorOfTheTest, imports: [messaging], controllers: [TerminalExecutor] });
}
