import type { SessionFact } from '@nalabo/contracts';
import { Logger } from '@nestjs/common';
import type { MessagingOptions } from '../connection/connection-options.js';
import type { NatsLink } from '../connection/nats-link.js';
import { MessageServer, shutdownMilliseconds } from '../message/message-server.js';
import { FactConsumer } from './fact-consumer.js';
import { FactDelivery } from './fact-delivery.js';
import { factTransport } from './handle-fact.js';

/** Handles session facts from JetStream. The replicas of a service share one durable consumer for each fact. */
export class FactServer extends MessageServer {
  override readonly transportId = factTransport;
  protected override readonly logger = new Logger('Facts');
  private consumers: FactConsumer[] = [];

  constructor(
    link: NatsLink,
    private readonly options: MessagingOptions,
  ) {
    super(link);
  }

  /** Does not wait for NATS: each consumer starts when it is there. */
  override listen(callback: () => void): void {
    const { service } = this.options;
    this.consumers = [...this.messageHandlers.values()].map((handler) => {
      const durable = { service, fact: (handler.extras as { readonly fact: SessionFact }).fact };
      const delivery = new FactDelivery(this.link, durable, (envelope) => this.invoke(handler, envelope));
      return new FactConsumer(this.link, durable, (message) => delivery.deliver(message));
    });
    for (const consumer of this.consumers) consumer.start();
    callback();
  }

  /** Pulls no further fact, finishes and acknowledges those at work, bounded in time. */
  override async close(): Promise<void> {
    const left = await Promise.all(this.consumers.map((consumer) => consumer.stop(shutdownMilliseconds)));
    const unfinished = left.reduce((sum, count) => sum + count, 0);
    if (unfinished > 0) this.logger.warn(`stopped with ${unfinished} facts unfinished; they are delivered again`);
  }
}
