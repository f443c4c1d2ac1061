import { newSessionId, systemClock } from '@nalabo/kernel';
import type { SessionSpec } from '../session-spec.js';

const mebibyte = 2 ** 20;

/** Makes sessions for a harness, each with its own id and its own subnet from `firstSubnetIndex` on. */
export function specFactory(firstSubnetIndex: number): (overrides?: Partial<SessionSpec>) => SessionSpec {
  let made = 0;
  return (overrides) => {
    made += 1;
    return {
      sessionId: newSessionId(),
      generation: 1,
      workshopId: 'conformance',
      limits: { cpuMillicores: 500, memoryBytes: 256 * mebibyte, storageBytes: 1024 * mebibyte },
      environment: {},
      endsByEpochSeconds: Math.floor(systemClock.now().getTime() / 1000) + 3600,
      subnetIndex: firstSubnetIndex + made - 1,
      isolation: null,
      applied: null,
      initial: null,
      ...overrides,
    };
  };
}
