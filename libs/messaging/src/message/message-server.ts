import type { Envelope } from '@nalabo/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import type { NatsLink } from '../connection/nats-link.js';

/** How long a stopping service waits for its handlers. Container platforms kill after 30 seconds. */
export const shutdownMilliseconds = 20_000;

/** What both strategies are: a Nest server over the shared connection whose handlers take `(payload, envelope)`. */
export abstract class MessageServer extends Server implements CustomTransportStrategy {
  /** The strategies log and settle errors themselves. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(protected readonly link: NatsLink) {
    super();
  }

  abstract override listen(callback: () => void): void;
  abstract override close(): Promise<void>;

  override unwrap<T = NatsConnection>(): T {
    return this.link.current() as T;
  }

  /** Connection events belong to the link, which has one connection for everything. */
  override on(): never {
    throw new Error('subscribe to the events of the NATS link instead');
  }

  /** Runs guards, interceptors and the method; rejects with the AppError that the filter passes on. */
  protected async invoke(handler: MessageHandler, envelope: Envelope): Promise<unknown> {
    const result: unknown = await handler(envelope.payload, envelope);
    return lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }
}
