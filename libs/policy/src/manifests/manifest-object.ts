/** One object that a learner wants to have, parsed and bounded, and not yet judged by any infrastructure. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Null when the file names none. */
  readonly namespace: string | null;
  readonly content: Readonly<Record<string, unknown>>;
  /** Where it stands in the file: the document and the line, both from 1. */
  readonly document: number;
  readonly line: number;
}
