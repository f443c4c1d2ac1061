import type { Envelope, ReplyOf, RequestOf, Rpc } from '@nalabo/contracts';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { bindHandler, type HandlerDecorator } from '../message/bind-handler.js';

/**
 * Answers the contract's requests with this controller method. The request is already parsed; the returned value is the
 * reply. A thrown AppError reaches the caller with its kind, any other error as `internal`.
 */
export function HandleRpc<Contract extends Rpc>(
  rpc: Contract,
): HandlerDecorator<
  (request: RequestOf<Contract>, envelope: Envelope<RequestOf<Contract>>) => Promise<ReplyOf<Contract>>
> {
  // The transport is named, or the handler would also be bound to the strategy of the session facts.
  return bindHandler(MessagePattern(rpc.subject, Transport.NATS, { rpc })) as HandlerDecorator<unknown>;
}
