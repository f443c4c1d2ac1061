import { instanceSubject, type Rpc } from '@nalabo/contracts';
import { type AppError, toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';
import { type MessageHandler, Transport } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { MessagingOptions } from '../connection/connection-options.js';
import { fromNatsError } from '../connection/from-nats-error.js';
import type { NatsLink } from '../connection/nats-link.js';
import { InFlight } from '../in-flight.js';
import { MessageServer, shutdownMilliseconds } from '../message/message-server.js';
import { parseMessage } from '../message/parse-message.js';
import { inSpan, SpanKind } from '../trace.js';
import { encodeBareError, encodeError, type EncodedReply, encodeReply } from './reply.js';

/** Answers requests. The replicas of a service share them as one queue group; each also has subjects of its own. */
export class RpcServer extends MessageServer {
  override readonly transportId = Transport.NATS;
  protected override readonly logger = new Logger('RPC');
  private readonly inFlight = new InFlight();
  private subscriptions: Subscription[] = [];
  private detach: () => void = () => undefined;

  constructor(
    link: NatsLink,
    private readonly options: MessagingOptions,
  ) {
    super(link);
  }

  /** Does not wait for NATS: the subscriptions are made when it is there, and the client renews them. */
  override listen(callback: () => void): void {
    this.detach = this.link.attach((connection) => this.subscribe(connection));
    callback();
  }

  /** Takes no new request, answers the ones it has taken, bounded in time. */
  override async close(): Promise<void> {
    this.detach();
    await this.stopReceiving();
    const left = await this.inFlight.settle(shutdownMilliseconds);
    if (left > 0) this.logger.warn(`stopped with ${left} requests unanswered`);
  }

  /** Draining, unlike unsubscribing, still hands over the requests that are already on their way to this process. */
  private async stopReceiving(): Promise<void> {
    try {
      await this.link.whileConnected(() => Promise.all(this.subscriptions.map((subscription) => subscription.drain())));
    } catch (thrown) {
      this.logger.debug(`nothing to drain: ${toAppError(thrown).message}`);
    }
  }

  private subscribe(connection: NatsConnection): void {
    this.subscriptions = [...this.messageHandlers.values()].flatMap((handler) => {
      const { rpc } = handler.extras as { readonly rpc: Rpc };
      const callback = (error: Error | null, message: Msg): void => {
        if (error) this.logger.error(`cannot receive ${rpc.type}: ${error.message}`);
        else this.inFlight.track(this.answer(rpc, handler, message));
      };
      return [
        connection.subscribe(rpc.subject, { queue: this.options.service, callback }),
        connection.subscribe(instanceSubject(rpc, this.options.instance), { callback }),
      ];
    });
  }

  private async answer(rpc: Rpc, handler: MessageHandler, message: Msg): Promise<void> {
    try {
      const reply = encodeReply(await this.handle(rpc, handler, message));
      respond(message, reply);
    } catch (thrown) {
      const error = fromNatsError(thrown, `answer ${rpc.type}`);
      this.report(rpc, error);
      this.respondError(message, error);
    }
  }

  private async handle(rpc: Rpc, handler: MessageHandler, message: Msg): Promise<unknown> {
    const envelope = parseMessage(message.data, rpc, rpc.request);
    const { subject } = message;
    const span = { name: `handle ${rpc.type}`, kind: SpanKind.SERVER, subject, traceparent: envelope.traceparent };
    return inSpan(span, () => this.invoke(handler, envelope));
  }

  /** What is too large to be sent is told without its details: the caller would wait for nothing otherwise. */
  private respondError(message: Msg, error: AppError): void {
    let reason = '';
    for (const encode of [encodeError, encodeBareError]) {
      try {
        return respond(message, encode(error));
      } catch (thrown) {
        reason = toAppError(thrown).message;
      }
    }
    this.logger.warn(`cannot send an error reply: ${reason}`);
  }

  private report(rpc: Rpc, error: AppError): void {
    if (error.kind === 'internal') this.logger.error(`${rpc.type} failed: ${error.message}`, originalStack(error));
    else this.logger.debug(`${rpc.type} refused: ${error.kind}: ${error.message}`);
  }
}

function respond(message: Msg, reply: EncodedReply): void {
  message.respond(reply.data, reply.headers ? { headers: reply.headers } : {});
}

function originalStack(error: AppError): string | undefined {
  return error.cause instanceof Error ? error.cause.stack : error.stack;
}
