import { type Envelope, factFilter, type PayloadOf, type SessionFact } from '@nalabo/contracts';
import { EventPattern } from '@nestjs/microservices';
import { bindHandler, type HandlerDecorator } from '../message/bind-handler.js';

/** The strategy of session facts among the transports of an application. */
export const factTransport = Symbol.for('nalabo.facts');

/**
 * Handles the fact of every session with this controller method, at least once: a second time must be harmless. The
 * payload is already parsed. A retryable error brings the message back later, any other one makes it a dead letter.
 */
export function HandleFact<Contract extends SessionFact>(
  fact: Contract,
): HandlerDecorator<(payload: PayloadOf<Contract>, envelope: Envelope<PayloadOf<Contract>>) => Promise<void>> {
  const filter = factFilter({ fact: fact.fact });
  return bindHandler(EventPattern<string>(filter, factTransport, { fact })) as HandlerDecorator<unknown>;
}
