import type { Lane } from './lane.js';
import { toLaneAnswer } from './lane-answer.js';
import { lookText } from './lane-text.js';

const mostLanes = 4;
const mostParked = 8;
/** About what an exec costs: when no lane has become free for so long, who waits takes one. */
const patienceMs = 50;
/** How long no lane is tried after one could not be had. */
const retryMs = 5000;
/** How often a parked lane is asked whether it is free. */
const lookIntervalMs = 1000;
/** Behind everything that what holds it has written. */
const lookDeadlineMs = 10_000;

type Waiter = (lane: Lane | null) => void;

/** The lanes that commands run in, opened as they are needed. */
export class LanePool {
  private readonly idle: Lane[] = [];
  private readonly working = new Set<Lane>();
  /** Something that a command left behind holds their output: they take no command, and stay open as long as that. */
  private readonly parked = new Set<Lane>();
  private readonly opening = new Set<Promise<void>>();
  private readonly waiting: Waiter[] = [];
  private turnedAt = 0;
  private retryAt = 0;
  private lookAt = 0;
  private isClosed = false;

  /** @param onLost Is told of every lane that has ended by itself. */
  constructor(
    private readonly open: () => Promise<Lane | null>,
    private readonly onLost: (lane: Lane) => void,
  ) {}

  /** Opens a lane ahead of its use. */
  async prepare(): Promise<void> {
    this.grow();
    await Promise.all(this.opening);
  }

  /** A lane for one command; null when all are busy for longer, or none can be had. */
  async acquire(signal: AbortSignal): Promise<Lane | null> {
    this.lookAtParked();
    const lane = this.idle.pop();
    if (lane) return lane;
    if (this.opening.size <= this.waiting.length) this.grow();
    return this.working.size + this.opening.size > 0 ? this.turn(signal) : null;
  }

  /** Takes back a lane that can run the next command. */
  release(lane: Lane): void {
    // It ended behind its last answer: nothing would be run in it, and that be told as a command that was lost.
    if (lane.isLost) return this.forget(lane);
    this.turnedAt = performance.now();
    const next = this.waiting.shift();
    if (next) return next(lane);
    this.idle.push(lane);
    if (this.isClosed) void this.close();
  }

  /** Takes back a lane whose output is held; another one takes its place. */
  park(lane: Lane): void {
    this.working.delete(lane);
    this.parked.add(lane);
    if (this.working.size === 0) this.grow();
    if (this.isClosed) void this.close();
  }

  /** Gives a lane up. */
  discard(lane: Lane): void {
    lane.abandon();
    this.forget(lane);
  }

  /** Ends all lanes; those in use, when they come back. Answers those of which no end was seen. */
  async close(): Promise<readonly Lane[]> {
    this.isClosed = true;
    await Promise.all(this.opening);
    const lanes = [...this.idle.splice(0), ...this.parked];
    for (const lane of lanes) this.remove(lane);
    const hasEnded = await Promise.all(lanes.map((lane) => lane.close()));
    return lanes.filter((_, index) => !hasEnded[index]);
  }

  private turn(signal: AbortSignal): Promise<Lane | null> {
    return new Promise((resolve) => {
      const answer: Waiter = (lane) => {
        clearInterval(timer);
        signal.removeEventListener('abort', leave);
        resolve(lane);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(answer), 1);
        answer(null);
      };
      const timer = setInterval(() => {
        const isStuck = this.opening.size === 0 && performance.now() - this.turnedAt >= patienceMs;
        if (!isStuck) return;
        // One at a time: on a busy machine many execs at once would hold up the lanes, and so drive out the next.
        this.turnedAt = performance.now();
        leave();
      }, patienceMs);
      signal.addEventListener('abort', leave);
      this.waiting.push(answer);
    });
  }

  private grow(): void {
    const isFull = this.working.size + this.opening.size >= mostLanes || this.parked.size >= mostParked;
    if (isFull || this.isClosed || performance.now() < this.retryAt) return;
    const opening = this.openOne().finally(() => this.opening.delete(opening));
    this.opening.add(opening);
  }

  private async openOne(): Promise<void> {
    const lane = await this.open();
    if (lane) {
      this.add(lane);
      void lane.ended.then(() => this.forget(lane));
      return;
    }
    this.retryAt = performance.now() + retryMs;
    if (this.working.size === 0) for (const answer of this.waiting.splice(0)) answer(null);
  }

  private add(lane: Lane): void {
    this.working.add(lane);
    this.release(lane);
  }

  private forget(lane: Lane): void {
    if (!this.remove(lane)) return;
    this.onLost(lane);
    if (this.waiting.length > 0) this.grow();
  }

  private remove(lane: Lane): boolean {
    const index = this.idle.indexOf(lane);
    if (index !== -1) this.idle.splice(index, 1);
    return this.working.delete(lane) || this.parked.delete(lane);
  }

  private lookAtParked(): void {
    if (this.parked.size === 0 || performance.now() < this.lookAt) return;
    // A lane that is slow to answer must not be asked again: it would be given up by the first question's deadline.
    this.lookAt = Infinity;
    void Promise.all([...this.parked].map((lane) => this.look(lane))).then(() => {
      this.lookAt = performance.now() + lookIntervalMs;
    });
  }

  private async look(lane: Lane): Promise<void> {
    const answer = toLaneAnswer(await lane.ask(lookText, lookDeadlineMs));
    if (!answer) return this.discard(lane);
    if (answer.isHeld || !this.parked.delete(lane)) return;
    if (this.working.size + this.opening.size < mostLanes) this.add(lane);
    else await lane.close();
  }
}
