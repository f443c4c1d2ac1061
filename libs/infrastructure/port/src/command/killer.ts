import { AppError } from '@nalabo/kernel';
import { killScript, terminateChildrenScript, terminateScript } from './kill-scripts.js';
import type { Scripts } from './script-runner.js';

const firstSignalCode = 129;

/** What is killed of one command. */
export interface KillTarget {
  /** Numbers of process groups, separated by blanks; empty when none is known. */
  readonly groups: string;
  /** What its processes carry. */
  readonly mark: string;
  /** The shell whose children are killed; empty for none. */
  readonly shell: string;
}

/**
 * Ends processes from inside a workbench. A kill looks at every process there is, which takes long in a workbench that is
 * full or busy: so those that come while one is under way are done together in the next, and many at once take hardly
 * longer than one.
 */
export class Killer {
  private readonly waiting: KillTarget[] = [];
  private underWay: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(private readonly scripts: Scripts) {}

  /** Asks a process group to end. */
  async terminate(group: string): Promise<void> {
    await this.scripts.run(terminateScript, [group]);
  }

  /** Asks what a shell runs to end, and answers the process groups of it. */
  async terminateChildren(shell: string): Promise<string> {
    const { output } = await this.scripts.run(terminateChildrenScript, [shell]);
    return output.trim();
  }

  /** @throws AppError as the scripts do, `unavailable` when nobody can say what was killed: for all killed together. */
  kill(target: KillTarget): Promise<void> {
    this.waiting.push(target);
    this.next ??= this.underWay.then(() => this.killWaiting());
    return this.next;
  }

  private async killWaiting(): Promise<void> {
    const targets = this.waiting.splice(0);
    this.next = undefined;
    const words = (of: (target: KillTarget) => string): string => targets.map(of).filter(Boolean).join(' ');
    const killed = this.killNow([
      words(({ groups }) => groups),
      words(({ mark }) => mark),
      words(({ shell }) => shell),
    ]);
    this.underWay = killed.then(
      () => undefined,
      () => undefined,
    );
    await killed;
  }

  private async killNow(parameters: readonly string[]): Promise<void> {
    const { exitCode } = await this.scripts.run(killScript, parameters);
    // The script was lost, or killed itself: it need not have killed anything before.
    if (exitCode === null || exitCode >= firstSignalCode) {
      throw new AppError('unavailable', 'a script of ours was lost inside the workbench');
    }
  }
}
