import type { SessionRef } from './reference.js';

/** `learner` runs as uid 1000; `checker` as uid 2000 and is out of the learner's reach. */
export type ShellRole = 'learner' | 'checker';

/** The text of a script for `sh`. It is shown in no list of processes and kept in no file. */
export interface Script {
  readonly script: string;
}

export interface CommandRun {
  /** Unique per run; marks the processes that belong to it. */
  readonly executionId: string;
  /** Program and arguments, with a shell only when the caller asked for one; or a script, which has no standard input. */
  readonly program: readonly string[] | Script;
  /** Absolute, already checked. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes for standard input, which is closed afterwards; null for none. */
  readonly stdin: Uint8Array | null;
}

/** Where output goes. Awaiting the result is the back-pressure: the engine is not read faster than this returns. */
export interface CommandIo {
  stdout(chunk: Uint8Array): void | Promise<void>;
  stderr(chunk: Uint8Array): void | Promise<void>;
}

/**
 * How a command ended. `exited` is the only end with a code. `killed` follows an abort of the signal.
 * `lost` means that nobody can say: the connection or the workbench went away in the middle.
 */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly startFailed: boolean }
  | { readonly kind: 'killed' }
  | { readonly kind: 'lost'; readonly detail: string };

/** What is known of a command after its end. */
export interface CommandReport {
  readonly end: CommandEnd;
  /** How it travelled: through a shell that was open already, or by an exec of its own. */
  readonly path: 'lane' | 'exec';
  /** Whether processes that it started are seen to live on, because they hold its output. */
  readonly leftProcesses: boolean;
}

/** A way to run commands in one session as one role. It may be kept, used for many commands at once, and must be closed. */
export interface Shell {
  /**
   * Aborting the signal kills the command's process group and whatever of it left the group, then answers `killed`.
   * @throws AppError `not_found` or `unavailable` when nothing was started: the session may be tried again with a new shell.
   */
  run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandReport>;
  close(): Promise<void>;
}

export interface ExecFacet {
  /** @throws AppError `not_found` when the session has no running workbench, `unavailable` when the target is away. */
  open(ref: SessionRef, role: ShellRole): Promise<Shell>;
}
