/** 1 MB as NATS counts it; the largest message of the platform fits in. */
export const requiredPayloadBytes = 1024 * 1024;

/** For readiness checks: `reason` says why the service cannot be reached, null when it can. */
export interface ConnectionState {
  readonly ready: boolean;
  readonly reason: string | null;
}

/** `maxPayload` is what the connected server announced in bytes; undefined without a connection. */
export function connectionState(maxPayload: number | undefined): ConnectionState {
  if (maxPayload === undefined) return { ready: false, reason: 'NATS is not connected' };
  const problem = checkPayloadLimit(maxPayload);
  return { ready: problem === null, reason: problem };
}

/** Null when the server takes every message of the platform, else one line for the operator. */
export function checkPayloadLimit(maxPayload: number): string | null {
  if (maxPayload >= requiredPayloadBytes) return null;
  return `NATS accepts messages of ${maxPayload} bytes, but ${requiredPayloadBytes} are required: raise max_payload`;
}
