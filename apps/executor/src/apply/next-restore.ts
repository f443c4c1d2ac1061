import { type AppError, backoffDelay } from '@nalabo/kernel';

/** When an apply that was cut off is looked after again. */
export interface NextRestore {
  readonly seconds: number;
  /** How often it could not be taken back until then. */
  readonly attempts: number;
}

/** The provisioner alone knows whether a lease is over, and refuses as long as it is not. */
const pauseSeconds = 2;

const backoff = { firstMilliseconds: 2000, factor: 2, maximumMilliseconds: 60_000 };

/** @param attempts How often it could not be taken back before. */
export function nextRestore(attempts: number, { kind }: AppError): NextRestore {
  // It runs, or the provisioner is at work in the session.
  if (kind === 'conflict') return { seconds: pauseSeconds, attempts };
  return { seconds: backoffDelay(attempts + 1, backoff) / 1000, attempts: attempts + 1 };
}
