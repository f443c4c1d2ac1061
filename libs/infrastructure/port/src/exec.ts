import type { SessionRef } from './reference.js';

/** `learner` runs as uid 1000; `checker` as uid 2000 and is out of the learner's reach. */
export type ShellRole = 'learner' | 'checker';

export interface CommandRun {
  /** Unique per run; marks the processes that belong to it. */
  readonly executionId: string;
  /** Program and arguments; a shell only when the caller asked for one. */
  readonly argv: readonly string[];
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

export interface Shell {
  /** How commands travel, for the answer's `path`. */
  readonly path: 'lane' | 'exec';
  /** Aborting the signal kills the command's process group and whatever escaped from it, then answers `killed`. */
  run(command: CommandRun, io: CommandIo, signal: AbortSignal): Promise<CommandEnd>;
  close(): Promise<void>;
}

export interface ExecFacet {
  /** @throws AppError `not_found` when the session has no running workbench, `unavailable` when the target is away. */
  open(ref: SessionRef, role: ShellRole): Promise<Shell>;
}
