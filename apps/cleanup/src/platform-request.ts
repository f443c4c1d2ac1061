import type { Actor } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';

/** Cleanup asks on its own behalf: nobody's request leads here. */
const cleanupActor: Actor = { keyId: 'cleanup', ownerId: 'platform', role: 'admin' };

export interface PlatformRequest {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: null;
}

/** The context of a request or fact that one of cleanup's own loops starts. */
export function platformRequest(): PlatformRequest {
  return { actor: cleanupActor, correlationId: newId(), causationId: null };
}
