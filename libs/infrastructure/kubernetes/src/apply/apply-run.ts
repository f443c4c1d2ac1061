import type { AppliedObject } from '@nalabo/contracts';
import { AppError, retry, toAppError } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import { isDefinition } from './custom-kinds.js';
import { keyOf, type PreparedObject } from './prepare-objects.js';
import { isRefusal, messageOf } from './refusal.js';
import { sendObject } from './send-object.js';
import type { SessionApi } from './session-api.js';

/** About five seconds: what was made a moment ago is not at once seen by every part of an API. */
const patience = { attempts: 10, firstMilliseconds: 100, factor: 1.5, maximumMilliseconds: 1000 } as const;

export interface Material {
  readonly objects: readonly PreparedObject[];
  readonly signal: AbortSignal;
}

/** Makes the changes of one plan, one after the other. It always comes to an end that says what was done. */
export class ApplyRun {
  private readonly prepared: ReadonlyMap<string, PreparedObject>;
  private hasFailed = false;
  /** Why nothing further is attempted. */
  private obstacle: string | undefined;

  constructor(
    private readonly api: SessionApi,
    private readonly material: Material,
  ) {
    this.prepared = new Map(material.objects.map((prepared) => [keyOf(prepared.object), prepared]));
  }

  async carryOut(changes: readonly AppliedObject[]): Promise<readonly AppliedObject[]> {
    const results: AppliedObject[] = [];
    for (const change of changes) results.push(await this.attempt(change));
    return results;
  }

  private async attempt(change: AppliedObject): Promise<AppliedObject> {
    if (change.action === 'unchanged') return change;
    if (this.material.signal.aborted) this.obstacle ??= 'the time for it was over';
    if (this.obstacle !== undefined) return failed(change, `not attempted: ${this.obstacle}`);
    if (change.action === 'removed' && this.hasFailed) return failed(change, 'kept, because another object has failed');
    try {
      await (change.action === 'removed' ? this.remove(change) : this.make(change));
      return change;
    } catch (error) {
      this.hasFailed = true;
      const message = messageOf(toAppError(error));
      // An API that does not answer would not answer for the others either, and each would take its time.
      if (!isRefusal(error)) this.obstacle = message;
      return failed(change, message);
    }
  }

  private async make(change: AppliedObject): Promise<void> {
    const prepared = this.prepared.get(keyOfChange(change));
    if (!prepared) throw kindIsGone(change);
    const isWorthRetrying = (error: unknown): boolean => !this.hasFailed && isNotSeenYet(error);
    await retry(() => this.send(prepared), { ...this.patience(), isWorthRetrying });
    if (isDefinition(prepared.object)) await this.untilEstablished(prepared);
  }

  private async send(prepared: PreparedObject): Promise<void> {
    const { object, resource } = prepared;
    const live = await this.api.client.find<KubeObject>(resource, object.metadata, this.material.signal);
    await sendObject(this.api, prepared, live);
  }

  private async remove(change: AppliedObject): Promise<void> {
    const resource = this.api.kinds.find(
      ({ apiVersion, kind }) => apiVersion === change.apiVersion && kind === change.kind,
    );
    if (resource) await this.api.client.delete(resource, addressOf(change));
  }

  /** Before that the API does not know the new kind. */
  private async untilEstablished({ resource, object }: PreparedObject): Promise<void> {
    const check = async (): Promise<void> => {
      const { status } = await this.api.client.get<Definition>(resource, object.metadata, this.material.signal);
      if (!status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True')) {
        const publicMessage = 'The API has not taken up the definition in time.';
        throw new AppError('timeout', `${object.metadata.name} is not established`, { publicMessage });
      }
    };
    const isWorthRetrying = (error: unknown): boolean => error instanceof AppError && error.kind === 'timeout';
    await retry(check, { ...this.patience(), isWorthRetrying });
  }

  private patience() {
    return { ...patience, signal: this.material.signal };
  }
}

interface Definition extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** The namespace, the kind or the service account that a part of the file has made may take a moment to be seen. */
function isNotSeenYet(error: unknown): boolean {
  return isRefusal(error) && (error.kind === 'not_found' || /serviceaccount "[^"]*" not found/.test(error.message));
}

function addressOf({ name, namespace }: AppliedObject): KubeObject['metadata'] {
  return { name, ...(namespace === null ? {} : { namespace }) };
}

function keyOfChange(change: AppliedObject): string {
  return keyOf({ apiVersion: change.apiVersion ?? '', kind: change.kind, metadata: addressOf(change) });
}

function failed({ apiVersion, kind, name, namespace }: AppliedObject, message: string): AppliedObject {
  return { apiVersion, kind, name, namespace, action: 'failed', message };
}

function kindIsGone({ kind }: AppliedObject): AppError {
  const publicMessage = `The session has no kind ${kind} any more.`;
  return new AppError('conflict', publicMessage, { publicMessage });
}
