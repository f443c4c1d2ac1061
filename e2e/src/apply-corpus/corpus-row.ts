import type { ConfigurationType } from '@nalabo/contracts';

/** A number of the corpus. */
export type CorpusId = `B${number}`;

/** A broken rule, where in the file it is broken, and in which line of it. */
export type Breach = readonly [rule: string, path: string, line: number | null];

export type Expected =
  /** 422 `policy_violation` with exactly these. */
  | { readonly outcome: 'refused'; readonly breaks: readonly Breach[] }
  /** 422 `feature_unavailable`, which names what the session takes. */
  | { readonly outcome: 'unavailable' }
  /** Harmless: 200 for a dry run. */
  | { readonly outcome: 'accepted' };

/** A file of the corpus as it is sent to a session on Docker. */
export interface CorpusRow {
  readonly id: CorpusId;
  readonly what: string;
  readonly type: ConfigurationType;
  readonly configuration: string;
  readonly expected: Expected;
}

/** A file of manifests, and what is wrong with it in a cluster of the learner's own and in a namespace of a shared one. */
export interface ManifestRow {
  readonly id: CorpusId;
  readonly what: string;
  readonly configuration: string;
  readonly virtual: readonly Breach[];
  readonly namespace: readonly Breach[];
}

/** Stands for the address of a listener that nobody may connect to. */
export const listenerMark = 'LISTENER';
/** Stands for the id of a session. */
export const sessionMark = 'SESSION';

export function placed(text: string, place: { readonly listener: string; readonly session: string }): string {
  return text.replaceAll(listenerMark, place.listener).replaceAll(sessionMark, place.session);
}
