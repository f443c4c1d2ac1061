import {
  type Actor,
  outputSubject,
  type ReplyOf,
  rpcs,
  terminalClientMessageSchema,
  type TerminalFrame,
  terminalFrameSchema,
  terminalLimits,
} from '@nalabo/contracts';
import { assertNever, type ErrorKind, newId, toAppError } from '@nalabo/kernel';
import type { LiveFeed, LiveSubscription, RequestContext, RpcClient } from '@nalabo/messaging';
import type { RawData, WebSocket } from 'ws';
import { ClientSocket } from './client-socket.js';
import { placeOutput } from './place-output.js';
import type { TerminalUpgrade } from './read-upgrade.js';
import type { TerminalGrant } from './terminal-pass.store.js';
import { TurnLoop } from './turn-loop.js';

const { attachTerminal, turnTerminal, detachTerminal } = rpcs.executor;
type Attached = ReplyOf<typeof attachTerminal>;

/** The client is not read from while so much of its input waits. */
const longestInput = 4 * terminalLimits.inputBytes;
const turnTimeoutMilliseconds = 5000;
const outOfReach: ReadonlySet<ErrorKind> = new Set(['unavailable', 'timeout', 'internal']);

export interface ConnectionParts {
  readonly rpc: RpcClient;
  readonly live: LiveFeed;
  readonly grant: TerminalGrant;
  readonly upgrade: Pick<TerminalUpgrade, 'offset' | 'size'>;
  readonly correlationId: string;
  /** A token that takes the connection to this terminal up again. */
  readonly resumeToken: (terminalId: string) => Promise<string>;
}

/** One WebSocket, joined to its terminal in an executor. */
export class TerminalConnection {
  readonly actor: Actor;
  private readonly attachmentId = newId();
  private readonly client: ClientSocket;
  private readonly context: RequestContext;
  private readonly output: LiveSubscription;
  private readonly turns = new TurnLoop();
  private isAttached = false;
  /** What came before the answer to the attachment was worked off. */
  private early: TerminalFrame[] | undefined = [];
  /** The offset of the next byte for the client. */
  private expected = 0;
  private answersPings = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: ConnectionParts,
  ) {
    const { grant, correlationId, live } = parts;
    this.actor = grant.actor;
    this.client = new ClientSocket(socket);
    this.context = { actor: grant.actor, sessionId: grant.sessionId, correlationId };
    // Subscribed before the executor is asked, so that no output comes too early.
    this.output = live.subscribe(
      outputSubject(this.attachmentId),
      (data) => terminalFrameSchema.parse(data),
      (frame) => (this.early ? void this.early.push(frame) : this.take(frame)),
    );
    socket.on('message', (data, isBinary) => this.hear(data, isBinary));
    socket.on('pong', () => (this.answersPings = true));
    // An error, as an oversized frame, is followed by the close, which is all there is to do.
    socket.on('error', () => undefined);
  }

  /** Resolves when the connection is over. */
  async run(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.socket.once('close', resolve));
    const serving = this.serve().catch((thrown: unknown) => this.fail(thrown));
    await closed;
    this.turns.stop();
    await serving;
    this.output.stop();
  }

  close(reason: 'revoked' | 'restarting'): void {
    this.client.close(reason);
  }

  /** Ends a connection whose client has not answered the last ping. One that waits for its input to be taken can't. */
  ping(): void {
    if (!this.answersPings && !this.socket.isPaused) return this.socket.terminate();
    this.answersPings = false;
    this.socket.ping();
  }

  private async serve(): Promise<void> {
    await this.output.ready;
    const attached = await this.attach();
    this.isAttached = true;
    const instance = { ...this.context, instance: attached.instance };
    const ids = { terminalId: attached.terminalId, attachmentId: this.attachmentId };
    try {
      await this.welcome(attached);
      const timed = { ...instance, timeoutMs: turnTimeoutMilliseconds };
      await this.turns.run({
        received: attached.offset,
        ask: (turn) => this.parts.rpc.request(turnTerminal, { ...ids, ...turn }, timed),
        afterTurn: (sent) => this.goOn(sent),
      });
    } finally {
      await this.parts.rpc.request(detachTerminal, ids, instance).catch(() => undefined);
    }
  }

  private goOn(sent: number): void {
    // The answer comes behind the frames that were sent before it: what is not here by now was lost.
    if (sent > this.expected) this.turns.rewind();
    // Of a client that is not read from, the acknowledgements wait behind its input: what its connection took counts.
    if (this.socket.isPaused && this.socket.bufferedAmount === 0) this.turns.acknowledge(this.expected);
    if (this.socket.isPaused && this.turns.waitingBytes < longestInput) this.socket.resume();
  }

  private attach(): Promise<Attached> {
    const { sessionId, terminalId, mode } = this.parts.grant;
    // Named one by one: the pass, which is beside them, is not for the message bus.
    const { offset, size } = this.parts.upgrade;
    const request = { sessionId, terminalId, mode, attachmentId: this.attachmentId, offset, size };
    return this.parts.rpc.request(attachTerminal, request, this.context);
  }

  private async welcome({ terminalId, offset, end, size }: Attached): Promise<void> {
    const { grant, upgrade, resumeToken } = this.parts;
    const token = await resumeToken(terminalId);
    this.client.say({ type: 'attached', terminalId, mode: grant.mode, token, offset, end, ...size });
    if (upgrade.offset !== null && offset > upgrade.offset) this.client.say({ type: 'gap', offset });
    this.expected = offset;
    const early = this.early ?? [];
    this.early = undefined;
    for (const frame of early) this.take(frame);
  }

  private take(frame: TerminalFrame): void {
    switch (frame.kind) {
      case 'output':
        return this.pass(frame.offset, Buffer.from(frame.data, 'base64'));
      case 'resize':
        return this.client.say({ type: 'resize', columns: frame.columns, rows: frame.rows });
      case 'ended':
        this.client.say({ type: 'ended', exitCode: frame.exitCode });
        return this.client.close('exited');
      case 'closed':
        return this.client.close(frame.reason);
      default:
        return assertNever(frame);
    }
  }

  private pass(offset: number, bytes: Buffer): void {
    const placed = placeOutput(this.expected, offset, bytes);
    if (placed.kind === 'ahead') this.turns.rewind();
    if (placed.kind !== 'next') return;
    this.expected += placed.bytes.length;
    this.client.send(placed.bytes);
  }

  private hear(data: RawData, isBinary: boolean): void {
    // Until it answers the farewell a client can still send; one whose key was revoked has nothing to say any more.
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (!isBinary) return this.obey(data);
    // What a watcher types is dropped here; the executor would refuse it.
    if (this.parts.grant.mode === 'watch') return;
    this.turns.type(bytesOf(data));
    // Not reading slows the client down by its own connection.
    if (this.turns.waitingBytes >= longestInput) this.socket.pause();
  }

  private obey(data: RawData): void {
    const parsed = terminalClientMessageSchema.safeParse(parseJson(bytesOf(data)));
    if (!parsed.success) return this.client.close('protocol', 'The message is not one of the protocol.');
    const message = parsed.data;
    if (message.type === 'received') this.turns.acknowledge(Math.min(message.offset, this.expected));
    else if (this.parts.grant.mode === 'own') this.turns.resize({ columns: message.columns, rows: message.rows });
  }

  /** Of a terminal that is only out of reach, the client connects again. */
  private fail(thrown: unknown): void {
    const error = toAppError(thrown);
    const isOutOfReach = this.isAttached || outOfReach.has(error.kind);
    this.client.close(isOutOfReach ? 'lost' : 'refused', error.publicMessage);
  }
}

/** With the default binary type a message is one buffer. */
function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // No JSON is no message of the protocol.
    return undefined;
  }
}
