import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@nalabo/kernel';
import { takeDeadlineMs } from '../command/command-kill.js';
import { existsScript } from '../command/kill-scripts.js';
import type { CommandEnd, CommandIo, CommandRun } from '../exec.js';
import type { ControlLane } from './control-lane.js';
import { newToken, type Lane } from './lane.js';
import { toLaneAnswer, type LaneAnswer } from './lane-answer.js';
import { killInLane } from './lane-kill.js';
import { LaneOutput } from './lane-output.js';
import { commandText, lookText } from './lane-text.js';

const watchIntervalMs = 1000;
/** How long the last words of a shell that has ended may be on the way. */
const lastWordsMs = 300;
/** A process that has just been started may still be about to turn its output elsewhere. */
const redirectMs = 5;
const lookDeadlineMs = 1000;
const killedBySignal = 137;
const lost: CommandEnd = { kind: 'lost', detail: 'the shell that ran it was lost' };

/** What became of a command, and of its lane. `held`: something that the command left behind holds its output. */
export interface LaneOutcome {
  readonly end: CommandEnd;
  readonly lane: 'free' | 'held' | 'lost';
  /** What the consumer of the output threw, if it did. */
  readonly refusal: { readonly error: unknown } | null;
}

type Result = Omit<LaneOutcome, 'refusal'>;

/** One command in a lane that is its alone as long as it runs. */
export class LaneCommand {
  private readonly tokens = { end: newToken(), complaint: newToken() };
  private readonly output: LaneOutput;

  constructor(
    private readonly lane: Lane,
    private readonly control: ControlLane,
    private readonly command: CommandRun,
    io: CommandIo,
  ) {
    this.output = new LaneOutput(io, this.tokens.complaint);
  }

  async run(signal: AbortSignal): Promise<LaneOutcome> {
    if (signal.aborted) return { end: { kind: 'killed' }, lane: 'free', refusal: null };
    const text = commandText(this.command, this.tokens);
    const answered = this.lane.send(text, this.tokens.end, this.output).then(toLaneAnswer);
    const result = await this.follow(answered, signal);
    this.output.silence();
    return { ...result, refusal: this.output.refusal };
  }

  /** The first of four: the lane answers, the caller aborts, the consumer throws, or the lane vanishes. */
  private async follow(answered: Promise<LaneAnswer | null>, signal: AbortSignal): Promise<Result> {
    const stop = new AbortController();
    const aborted = new Promise<'stopped'>((resolve) => {
      signal.addEventListener('abort', () => resolve('stopped'), { signal: stop.signal, once: true });
    });
    const refused = this.output.refused.then(() => 'stopped' as const);
    try {
      const first = await Promise.race([refused, aborted, this.vanished(stop.signal), answered]);
      if (first === 'stopped') return await this.kill(answered);
      if (first === 'vanished') return { end: lost, lane: 'lost' };
      return await this.settle(first);
    } finally {
      stop.abort();
    }
  }

  private async settle(answer: LaneAnswer | null): Promise<Result> {
    await this.output.finish();
    if (!answer) return { end: lost, lane: 'lost' };
    const { exitCode, isHeld } = answer;
    const end: CommandEnd = { kind: 'exited', exitCode, startFailed: this.output.startFailed };
    // Everything in a workbench that stops is killed, one process after the other: that is no end of the command's own.
    if (exitCode === killedBySignal && !isHeld && !(await this.look())) return { end: lost, lane: 'lost' };
    return { end, lane: isHeld ? await this.holding() : 'free' };
  }

  private async kill(answered: Promise<LaneAnswer | null>): Promise<Result> {
    const timer = setTimeout(() => this.output.silence(), takeDeadlineMs);
    let answer: LaneAnswer | null = null;
    void answered.then((told) => (answer = told));
    let end: CommandEnd = { kind: 'killed' };
    try {
      await killInLane(this.control.killer, this.lane, this.command.executionId, answered);
      await this.output.finish();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      end = { kind: 'lost', detail: `it could not be killed: ${error.publicMessage}` };
    } finally {
      clearTimeout(timer);
    }
    return { end, lane: answer ? await this.holding() : 'lost' };
  }

  /** Whether the lane's output is held, a moment later. */
  private async holding(): Promise<LaneOutcome['lane']> {
    await pause(redirectMs);
    const answer = await this.look();
    if (!answer) return 'lost';
    return answer.isHeld ? 'held' : 'free';
  }

  private async look(): Promise<LaneAnswer | null> {
    return toLaneAnswer(await this.lane.ask(lookText, lookDeadlineMs));
  }

  /** Resolves when the lane's shell is gone although something keeps its output open. */
  private async vanished(stop: AbortSignal): Promise<'vanished'> {
    const never = new Promise<never>(() => undefined);
    for (;;) {
      const isOver = await pause(watchIntervalMs, false, { signal: stop, ref: false }).catch(() => true);
      if (isOver) return never;
      if (await this.isThere()) continue;
      await pause(lastWordsMs);
      return 'vanished';
    }
  }

  /** Not every infrastructure tells, and a neighbour of the lane sees. */
  private async isThere(): Promise<boolean> {
    if (!(await this.lane.isRunning())) return false;
    const seen = await this.control.ask(existsScript, [this.lane.processId]);
    return seen === null || seen.exitCode === 0;
  }
}
