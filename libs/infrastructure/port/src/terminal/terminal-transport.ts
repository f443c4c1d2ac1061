import type { ExecRequest, ExecStream } from '../command/exec-stream.js';
import type { TerminalSize } from '../exec.js';

/** A program on a terminal of its own. */
export interface TerminalExec {
  /** All that the program writes comes as standard output, and closing its input ends nothing. */
  readonly stream: ExecStream;
  /** Never rejects: a terminal whose program has ended has no size. */
  resize(size: TerminalSize): Promise<void>;
}

/** A way to terminals in the workbench of one session: all that a provider brings for them besides its `ExecTransport`. */
export interface TerminalTransport {
  /** @throws AppError `not_found` or `conflict` when the workbench does not run, `unavailable` when the target is away. */
  openTerminal(request: ExecRequest): Promise<TerminalExec>;
}
