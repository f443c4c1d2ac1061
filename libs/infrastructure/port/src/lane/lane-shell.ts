import { AppError } from '@nalabo/kernel';
import { ExecShell } from '../command/exec-shell.js';
import type { ExecTransport } from '../command/exec-stream.js';
import { ScriptRunner } from '../command/script-runner.js';
import type { CommandIo, CommandReport, CommandRun, Shell } from '../exec.js';
import { ControlLane } from './control-lane.js';
import type { Lane } from './lane.js';
import { LaneCommand } from './lane-command.js';
import { LanePool } from './lane-pool.js';
import { fitsLane } from './lane-text.js';
import { openLane } from './open-lane.js';

/**
 * Runs commands in shells that are open already, which costs a fraction of an exec. What does not fit into one, or finds
 * none, goes by an exec of its own. A command can reach into the lanes of its user: they are no boundary of trust.
 */
export class LaneShell implements Shell {
  private readonly control: ControlLane;
  private readonly plain: ExecShell;
  private readonly pool: LanePool;
  /** Marks of what may live on although its lane is lost. */
  private readonly strays = new Set<string>();
  private tidying: Promise<void> = Promise.resolve();

  private constructor(transport: ExecTransport) {
    this.control = new ControlLane(transport, new ScriptRunner(transport));
    this.plain = new ExecShell(transport, this.control, this.control.killer);
    const open = async (): Promise<Lane | null> => {
      const lane = await openLane(transport);
      if (lane && this.strays.size > 0) this.tidy();
      return lane;
    };
    this.pool = new LanePool(open, ({ id }) => this.strays.add(id));
  }

  /** Begins to open the first lane and the control lane, and does not wait for them. */
  static open(transport: ExecTransport): LaneShell {
    const shell = new LaneShell(transport);
    void shell.pool.prepare().then(() => shell.control.prepare());
    return shell;
  }

  async run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandReport> {
    const canUseLane = !signal.aborted && fitsLane(command);
    const lane = canUseLane ? await this.pool.acquire(signal) : null;
    if (!lane) return this.plain.run(command, io, signal);
    const outcome = await new LaneCommand(lane, this.control, command, io).run(signal);
    if (outcome.lane === 'free') this.pool.release(lane);
    else if (outcome.lane === 'held') this.pool.park(lane);
    else this.loseLane(lane, command.executionId);
    if (outcome.refusal) throw outcome.refusal.error;
    return { end: outcome.end, path: 'lane', leftProcesses: outcome.lane === 'held' };
  }

  async close(): Promise<void> {
    for (const { id } of await this.pool.close()) this.strays.add(id);
    if (this.strays.size > 0) this.tidy();
    await this.tidying;
    await this.control.close();
  }

  private loseLane(lane: Lane, executionId: string): void {
    this.pool.discard(lane);
    this.strays.add(executionId);
    this.tidy();
  }

  private tidy(): void {
    this.tidying = this.tidying.then(() => this.killStrays());
  }

  /** Nobody can wait for these any more, nor end them. Those that cannot be killed now are when there is a lane again. */
  private async killStrays(): Promise<void> {
    for (const mark of this.strays) {
      try {
        await this.control.killer.kill({ groups: '', mark, shell: '' });
        this.strays.delete(mark);
      } catch (error) {
        if (error instanceof AppError) return;
        throw error;
      }
    }
  }
}
