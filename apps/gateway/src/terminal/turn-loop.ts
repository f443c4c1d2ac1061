import { setTimeout as delay } from 'node:timers/promises';
import {
  type ReplyOf,
  type RequestOf,
  type rpcs,
  terminalLimits,
  type TerminalSize,
  terminalTurnMilliseconds,
} from '@nalabo/contracts';
import { isRetryable, retry, toAppError } from '@nalabo/kernel';
import { InputQueue } from './input-queue.js';

type Turn = Omit<RequestOf<typeof rpcs.executor.turnTerminal>, 'terminalId' | 'attachmentId'>;
type TurnReply = ReplyOf<typeof rpcs.executor.turnTerminal>;

export interface TurnPartner {
  /** How much output the client has already. */
  readonly received: number;
  /** Sends a turn to the executor. */
  readonly ask: (turn: Turn) => Promise<TurnReply>;
  /** Told how much output the executor has sent by then. */
  readonly afterTurn: (sent: number) => void;
}

/** Acknowledging less than this can wait for the next turn: most of the executor's window is still open. */
const worthAcknowledging = terminalLimits.unacknowledgedBytes / 4;
const noRoomMilliseconds = 100;
/** The executor may be cut off for a moment. After that the client connects anew, and misses nothing by that. */
const patienceMilliseconds = 10_000;
const turnRetry = {
  attempts: Number.POSITIVE_INFINITY,
  firstMilliseconds: 100,
  factor: 2,
  maximumMilliseconds: 500,
};

/**
 * Tells the executor what the client did, one turn after the other: what comes while a turn is under way goes with the
 * next one, so that fast typing costs no more than the way there and back.
 */
export class TurnLoop {
  private readonly input = new InputQueue();
  private readonly stopped = new AbortController();
  private size: TerminalSize | null = null;
  private room: number = terminalLimits.inputBytes;
  private received = 0;
  private acknowledged = 0;
  private isRewindWanted = false;
  private wakeUp: () => void = () => undefined;
  private number = 0;

  /** How many bytes of input no turn has taken yet. */
  get waitingBytes(): number {
    return this.input.bytes;
  }

  type(bytes: Buffer): void {
    this.input.add(bytes);
    this.wakeUp();
  }

  resize(size: TerminalSize): void {
    this.size = size;
    this.wakeUp();
  }

  acknowledge(received: number): void {
    this.received = Math.max(this.received, received);
    if (this.isAcknowledgementDue) this.wakeUp();
  }

  /** Asks for everything behind what the client has acknowledged once more. */
  rewind(): void {
    this.isRewindWanted = true;
    this.wakeUp();
  }

  stop(): void {
    this.stopped.abort();
    this.wakeUp();
  }

  /**
   * Goes on until it is stopped. What was typed before goes with the first turn.
   * @throws AppError when the executor refuses a turn, or does not answer for ten seconds.
   */
  async run({ received, ask, afterTurn }: TurnPartner): Promise<void> {
    const { signal } = this.stopped;
    this.received = received;
    while (!signal.aborted) {
      const turn = this.nextTurn();
      const reply = await this.untilAnswered(() => ask(turn));
      if (signal.aborted) return;
      this.room = reply.room;
      this.acknowledged = turn.received;
      afterTurn(reply.sent);
      await this.untilDue();
    }
  }

  private untilAnswered(ask: () => Promise<TurnReply>): Promise<TurnReply> {
    const giveUpAt = performance.now() + patienceMilliseconds;
    const isWorthRetrying = (error: unknown): boolean => isRetryable(toAppError(error)) && performance.now() < giveUpAt;
    return retry(ask, { ...turnRetry, signal: this.stopped.signal, isWorthRetrying });
  }

  private nextTurn(): Turn {
    this.number += 1;
    const { number: turn, size, received, isRewindWanted: rewind } = this;
    const input = this.input.take(this.room).toString('base64');
    this.size = null;
    this.isRewindWanted = false;
    return { turn, input, size, received, rewind };
  }

  private get isAcknowledgementDue(): boolean {
    return this.received - this.acknowledged >= worthAcknowledging;
  }

  private get isDue(): boolean {
    const canType = this.input.bytes > 0 && this.room > 0;
    return canType || this.size !== null || this.isRewindWanted || this.isAcknowledgementDue;
  }

  /** Waits until there is something to tell, at most until the next sign of life. */
  private async untilDue(): Promise<void> {
    if (this.isDue || this.stopped.signal.aborted) return;
    const longest = this.input.bytes > 0 ? noRoomMilliseconds : terminalTurnMilliseconds.atLeast;
    const rested = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.wakeUp = () => {
        if (this.isDue || this.stopped.signal.aborted) resolve();
      };
    });
    const rest = delay(longest, undefined, { signal: rested.signal }).catch(() => undefined);
    await Promise.race([woken, rest]);
    rested.abort();
  }
}
