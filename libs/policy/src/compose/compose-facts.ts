import type { ComposeModel } from './compose-model.js';
import type { ReadFile } from './file-rules.js';

/** What the checks of a whole file look at: what it asks for, and what it only declares. */
export interface ComposeFacts {
  readonly model: ComposeModel;
  readonly file: Pick<ReadFile, 'networks' | 'volumes'>;
}
