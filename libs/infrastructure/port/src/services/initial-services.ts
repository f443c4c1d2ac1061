import { AppError } from '@nalabo/kernel';
import type { ServicesModel } from '../apply.js';
import type { ExecFacet } from '../exec.js';
import type { SessionSpec } from '../session-spec.js';
import { ObjectError } from './object-error.js';
import type { ServiceHost } from './service-host.js';
import { reachGoal } from './services-goal.js';

/** Brings what a workshop ships into a session that no learner has seen yet. */
export class InitialServices {
  constructor(
    private readonly host: ServiceHost,
    private readonly exec: Pick<ExecFacet, 'open'>,
  ) {}

  /**
   * Arranges folders, writes the files, and makes the services that `applied` says. Whatever was done before is done again
   * or found done.
   * @throws AppError naming the object that could not be made.
   */
  async bring({ initial, applied, limits, ...ref }: BroughtSpec, signal: AbortSignal): Promise<void> {
    const work = { ref, wanted: applied, limits, signal };
    try {
      await this.host.prepare(work);
      await reachGoal(this.host, this.exec, { from: null, files: initial.files }, work);
    } catch (error) {
      throw error instanceof ObjectError ? told(error, signal) : error;
    }
  }
}

export type BroughtSpec = SessionSpec & { readonly initial: ServicesModel };

/** Whether the session is to get what its workshop ships. @throws AppError `unprocessable` for manifests. */
export function bringsServices(spec: SessionSpec): spec is BroughtSpec {
  if (spec.initial === null) return false;
  if (spec.initial.type === 'compose') return true;
  const publicMessage = 'The workshop brings manifests, and its session has no cluster.';
  throw new AppError('unprocessable', publicMessage, { publicMessage });
}

/**
 * There is no list of objects here that would tell which of them has failed. What takes longer than anybody waits is that
 * object's fault, and no sign of a target that does not answer.
 */
function told(error: ObjectError, { reason }: AbortSignal): AppError {
  const { objectKind, objectName, message, publicMessage, details, cause } = error;
  const isTooSlow = error.kind === 'timeout' && reason instanceof DOMException && reason.name === 'TimeoutError';
  const named = `The ${objectKind} ${objectName} of the workshop could not be made: ${publicMessage}`;
  return new AppError(isTooSlow ? 'exhausted' : error.kind, message, { cause, publicMessage: named, details });
}
