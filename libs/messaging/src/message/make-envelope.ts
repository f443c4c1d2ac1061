import type { Actor, Envelope } from '@nalabo/contracts';
import { type Clock, newId } from '@nalabo/kernel';
import { currentTraceparent } from '../trace.js';
import type { MessageIdentity } from './parse-message.js';

/** Who asks, and what the message goes back to. */
export interface MessageContext {
  readonly actor: Actor;
  readonly correlationId: string;
  /** The id of the message that led here. */
  readonly causationId?: string | null;
  readonly sessionId?: string | null;
}

/** A new envelope of the current trace around the payload. */
export function makeEnvelope<Payload>(
  message: MessageIdentity,
  payload: Payload,
  context: MessageContext,
  clock: Clock,
): Envelope<Payload> {
  const traceparent = currentTraceparent();
  return {
    id: newId(),
    type: message.type,
    version: message.version,
    occurredAt: clock.now().toISOString(),
    correlationId: context.correlationId,
    causationId: context.causationId ?? null,
    sessionId: context.sessionId ?? null,
    actor: context.actor,
    ...(traceparent ? { traceparent } : {}),
    payload,
  };
}
