import { AppError } from '@nalabo/kernel';
import type { KubeObject } from '../cluster/kube-object.js';
import { appliedLabel } from './applied-form.js';

/**
 * Where the platform has objects of its own, only what came from a file may be changed by one.
 * @throws AppError as the API itself refuses what it does not want.
 */
export function refuseForeignObject({ kind, metadata }: KubeObject, wanted: KubeObject): void {
  if (metadata.labels?.[appliedLabel] === wanted.metadata.labels?.[appliedLabel]) return;
  const message = `there is a ${kind} ${metadata.name} already that no file has made`;
  throw new AppError('conflict', message, { publicMessage: message, cause: { message }, details: { status: 409 } });
}
