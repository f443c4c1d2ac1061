import type { ExecTransport } from '../command/exec-stream.js';
import { Killer } from '../command/killer.js';
import type { ScriptResult, Scripts } from '../command/script-runner.js';
import type { Lane } from './lane.js';
import { openLane } from './open-lane.js';
import { scriptText } from './lane-text.js';

/** A shell that somebody has stopped answers never; the same script then goes by an exec of its own. */
const scriptDeadlineMs = 3000;
/** How long no lane is tried after one could not be had. */
const retryMs = 5000;

/**
 * The lane for our own scripts. It is open before it is needed: when a learner has used up the processes or the processor
 * of his workbench, nothing else may be started in time.
 */
export class ControlLane implements Scripts {
  /** Of everything in the workbench that is killed through this lane. */
  readonly killer = new Killer(this);
  private opening: Promise<Lane | null> | undefined;
  private lane: Lane | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private retryAt = 0;
  private isClosed = false;

  /** @param fallback Runs what the lane cannot. */
  constructor(
    private readonly transport: ExecTransport,
    private readonly fallback: Scripts,
  ) {}

  /** Opens the lane if there is none. Never rejects: without it the scripts go another way. */
  async prepare(): Promise<void> {
    await this.ready();
  }

  async run(script: string, parameters: readonly string[]): Promise<ScriptResult> {
    return (await this.tell(script, parameters)) ?? this.fallback.run(script, parameters);
  }

  /** As `run`, but null when there is no lane that does it at once. */
  async ask(script: string, parameters: readonly string[]): Promise<ScriptResult | null> {
    return this.lane && !this.lane.isLost ? this.tell(script, parameters) : null;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const lane = (await this.opening) ?? this.lane;
    await lane?.close();
  }

  private tell(script: string, parameters: readonly string[]): Promise<ScriptResult | null> {
    const told = this.turn.then(() => this.tellNow(script, parameters));
    this.turn = told;
    return told;
  }

  private async tellNow(script: string, parameters: readonly string[]): Promise<ScriptResult | null> {
    const lane = await this.ready();
    if (!lane) return null;
    const output: Uint8Array[] = [];
    const io = { stdout: (chunk: Uint8Array) => void output.push(Uint8Array.from(chunk)), stderr: () => undefined };
    const word = await lane.ask((token) => scriptText(script, parameters, token), scriptDeadlineMs, io);
    return word === null ? null : { exitCode: Number(word), output: Buffer.concat(output).toString() };
  }

  private async ready(): Promise<Lane | null> {
    if (this.lane && !this.lane.isLost) return this.lane;
    if (this.isClosed || performance.now() < this.retryAt) return null;
    this.opening ??= this.open();
    return this.opening;
  }

  private async open(): Promise<Lane | null> {
    this.lane = await openLane(this.transport);
    if (!this.lane) this.retryAt = performance.now() + retryMs;
    this.opening = undefined;
    return this.lane;
  }
}
