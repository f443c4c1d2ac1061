import { setTimeout as delay } from 'node:timers/promises';
import {
  type CommandReport,
  type InfrastructureTarget,
  type SessionRef,
  type Shell,
  type ShellRole,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { longestShutdownMilliseconds } from '../command/limits.js';
import { CachedShell } from './cached-shell.js';

/** Where commands run: a session of this generation on this target, as this role. */
export interface ShellPlace {
  readonly target: InfrastructureTarget;
  readonly ref: SessionRef;
  readonly role: ShellRole;
}

/** Runs commands as `Shell.run` does, through whatever shell its place has at that moment. */
export type SessionShell = Pick<Shell, 'run'>;

const idleMilliseconds = 10 * 60_000;

/** One open shell for each session and role, shared by all its commands and kept between them. */
@Injectable()
export class SessionShells implements OnApplicationShutdown {
  private readonly shells = new Map<string, CachedShell>();

  /** Each shell closes behind its last command. A target that hangs does not hold the shutdown. */
  async onApplicationShutdown(): Promise<void> {
    const shells = [...this.shells.keys()].map((key) => this.releaseKey(key));
    const limit = new AbortController();
    const expired = delay(longestShutdownMilliseconds, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([Promise.all(shells), expired]);
    limit.abort();
  }

  /**
   * Resolves when the place has an open shell, so that a command can be accepted. Nothing is to be closed by the caller.
   * @throws AppError `unavailable` when the session has no running workbench or its target is away.
   */
  async open(place: ShellPlace): Promise<SessionShell> {
    await this.openOnce(place);
    return { run: (...command) => this.run(place, command) };
  }

  /** Lets go of a session's shells: commands that run keep theirs to their end, the next one gets a new shell. */
  release(sessionId: string): void {
    for (const key of this.shells.keys()) if (key.startsWith(`${sessionId}/`)) void this.releaseKey(key);
  }

  /** Closes the shells that no command has used for a while. */
  async closeIdle(milliseconds = idleMilliseconds): Promise<void> {
    const idle = [...this.shells].filter(([, shell]) => shell.isIdleFor(milliseconds));
    await Promise.all(idle.map(([key]) => this.releaseKey(key)));
  }

  /** A shell may be found broken only when it is used. As long as nothing was started, a new one is tried, once. */
  private async run(place: ShellPlace, command: Parameters<Shell['run']>): Promise<CommandReport> {
    const shell = await this.openOnce(place);
    try {
      return await shell.run(...command);
    } catch (error) {
      this.drop(place, shell);
      const [, , signal] = command;
      if (signal.aborted || !isWithoutShell(error)) throw error;
    }
    const replacement = await this.openOnce(place);
    return replacement.run(...command);
  }

  private async openOnce(place: ShellPlace): Promise<CachedShell> {
    const shell = this.shellOf(place);
    try {
      await shell.opened();
      return shell;
    } catch (error) {
      this.drop(place, shell);
      throw refusalToOpen(place, error);
    }
  }

  private shellOf(place: ShellPlace): CachedShell {
    const { target, ref, role } = place;
    const key = keyOf(place);
    const kept = this.shells.get(key);
    if (kept?.generation === ref.generation) return kept;
    if (kept) this.drop(place, kept);
    const shell = new CachedShell(ref.generation, () => target.exec.open(ref, role));
    this.shells.set(key, shell);
    return shell;
  }

  private drop(place: ShellPlace, shell: CachedShell): void {
    const key = keyOf(place);
    if (this.shells.get(key) === shell) this.shells.delete(key);
    shell.release();
  }

  /** Resolves when the shell is closed. */
  private async releaseKey(key: string): Promise<void> {
    const shell = this.shells.get(key);
    this.shells.delete(key);
    shell?.release();
    await shell?.closed;
  }
}

function keyOf({ ref, role }: ShellPlace): string {
  return `${ref.sessionId}/${role}`;
}

function isWithoutShell(error: unknown): boolean {
  return error instanceof AppError && (error.kind === 'not_found' || error.kind === 'unavailable');
}

/** The session exists, only its workbench doesn't run: it is being restarted, or its end isn't known here yet. */
function refusalToOpen({ ref }: ShellPlace, error: unknown): unknown {
  if (!(error instanceof AppError && error.kind === 'not_found')) return error;
  return new AppError('unavailable', `session ${ref.sessionId} has no running workbench`, {
    cause: error,
    details: { retryAfterSeconds: 2 },
    publicMessage: 'The workbench of the session is not running.',
  });
}
