import type { CommandIo } from '../exec.js';

/** A program that is to be started inside a workbench. */
export interface ExecRequest {
  /** Program and arguments. */
  readonly argv: readonly string[];
  /** On top of what the container, or the role, has. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it gets a standard input; without one it reads its end at once. */
  readonly hasInput: boolean;
  /**
   * Whether processes that it leaves behind may hold its output open after it has ended. Its end must then be told all
   * the same. Programs that leave none are started without any further process, so that they run in a workbench that
   * has no process left.
   */
  readonly mayLeaveProcesses: boolean;
}

/** How a program ended. `lost`: nobody can say. */
export type ExecEnd =
  { readonly kind: 'exited'; readonly exitCode: number } | { readonly kind: 'lost'; readonly detail: string };

/** One program inside a workbench, as the bytes that go in and come out. It leads a process group of its own. */
export interface ExecStream {
  /**
   * Hands all output on, not faster than it is taken; to be called once. Resolves when the output has ended or the
   * connection has broken, which `ended` tells apart. Rejects only with what the output throws.
   */
  read(output: CommandIo): Promise<void>;
  /** Resolves when the bytes are sent, or nobody is there to read them. Never rejects: a program need not read. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes the standard input behind what was written. */
  endInput(): void;
  /** Whether the program itself runs. What it left in the background does not count. */
  isRunning(): Promise<boolean>;
  /**
   * How the program ended; to be asked when the output has ended, or the program no longer runs.
   * @throws AppError `not_found` or `conflict` when the workbench is gone.
   */
  ended(): Promise<ExecEnd>;
  /** Reads no further. Ends nothing inside the workbench. */
  close(): void;
}

/** A way into the workbench of one session, as one role: all that a provider brings for commands. */
export interface ExecTransport {
  /** @throws AppError `not_found` or `conflict` when the workbench does not run, `unavailable` when the target is away. */
  open(request: ExecRequest): Promise<ExecStream>;
}
