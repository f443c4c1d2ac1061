import { createHash } from 'node:crypto';
import type { ApplyFiles, ConfigurationType, Envelope, Idempotency, RequestOf, rpcs } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import type { HeldBefore } from './held-before.js';
import { readHeld } from './read-held.js';
import { type Reading, readModel, type ReadModel } from './read-model.js';

type RunRequest = RequestOf<typeof rpcs.executor.runApply>;
type RollbackRequest = RequestOf<typeof rpcs.executor.rollbackApply>;

/** What is to be applied, whether it came as a file or is brought back. */
export interface ApplyOrder {
  readonly applyId: string;
  readonly sessionId: string;
  readonly type: ConfigurationType;
  readonly dryRun: boolean;
  /** SHA-256 of all that is applied. */
  readonly digest: string;
  /** The apply that is undone. */
  readonly rollbackOf: string | null;
  readonly idempotency: Idempotency | null;
  readonly envelope: Envelope;
  /** @throws AppError `unprocessable` */
  readonly read: (reading: Reading) => ReadModel;
}

export function orderOf(request: RunRequest, envelope: Envelope): ApplyOrder {
  const { sessionId, type, dryRun, idempotency, configuration, files } = request;
  const digest = digestOf(configuration, files);
  const read = (reading: Reading): ReadModel => readModel(request, reading);
  return { applyId: newId(), sessionId, type, dryRun, digest, rollbackOf: null, idempotency, envelope, read };
}

export function rollbackOrder(request: RollbackRequest, held: HeldBefore, envelope: Envelope): ApplyOrder {
  const { sessionId, applyId: rollbackOf, idempotency } = request;
  const { type } = held;
  const digest = createHash('sha256').update(JSON.stringify(held)).digest('hex');
  const read = (reading: Reading): ReadModel => readHeld(held, reading);
  return { applyId: newId(), sessionId, type, dryRun: false, digest, rollbackOf, idempotency, envelope, read };
}

/** Of the file alone when no others come with it, as `sha256sum` says. */
function digestOf(configuration: string, files: ApplyFiles): string {
  const hash = createHash('sha256').update(configuration);
  for (const path of Object.keys(files).toSorted()) hash.update(`\0${path}\0${files[path]}`);
  return hash.digest('hex');
}
