/** One broken rule of a file that a learner has sent. */
export interface PolicyViolation {
  /** The place in the file, for example `services.web.ports[0]`. Empty for the file as a whole. */
  readonly path: string;
  /** From 1. Null when nothing could be read. */
  readonly line: number | null;
  /** From 1, for files that may hold several documents. */
  readonly document?: number;
  /** Stable, dotted, for example `compose.service.privileged`. */
  readonly rule: string;
  /** What is wrong with the value, as a sentence without its subject. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** More faults than these are not told. */
export const mostViolations = 50;
