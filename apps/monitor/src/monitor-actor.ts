import type { Actor } from '@nalabo/contracts';

/** As whom the monitor's own loops ask. */
export const monitorActor: Actor = { keyId: 'monitor', ownerId: 'monitor', role: 'admin' };
