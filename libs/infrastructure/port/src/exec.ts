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

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalRequest extends TerminalSize {
  /** Unique per terminal; marks the processes that belong to it, as an execution id does those of a command. */
  readonly terminalId: string;
  /** On top of what the learner's commands find. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The learner's interactive shell, in `/workspace`, on a terminal of its own. It must be closed, also when it is lost:
 * not every loss of a connection is seen inside. When the process that opened it dies, its shell is ended as well.
 */
export interface Terminal {
  /**
   * Hands all output on, byte for byte; to be called once. Awaiting `take` is the back-pressure: nothing more is read
   * meanwhile, and what writes to the terminal waits. Resolves when the shell has ended or is lost, and soon after
   * `close`. Rejects only with what `take` throws.
   */
  read(take: (chunk: Uint8Array) => void | Promise<void>): Promise<void>;
  /** Types these bytes. Resolves when they are sent, or nobody is there to read them; never rejects. */
  write(bytes: Uint8Array): Promise<void>;
  /** Takes effect in a moment; of sizes in quick succession only the last one does. */
  resize(size: TerminalSize): void;
  /** The shell's exit code, or null when it is lost and nobody can say; to be asked when `read` has resolved. */
  ended(): Promise<number | null>;
  /**
   * Hangs up, and kills after a second whatever is left of the shell and of what it started. Nothing to do is success.
   * @throws AppError `unavailable` or `timeout` when nobody can say whether it is ended; it may be tried again.
   */
  close(): Promise<void>;
}

export interface ExecFacet {
  /** @throws AppError `not_found` when the session has no running workbench, `unavailable` when the target is away. */
  open(ref: SessionRef, role: ShellRole): Promise<Shell>;
  /** @throws AppError as `open`. */
  terminal(ref: SessionRef, request: TerminalRequest): Promise<Terminal>;
}
