import { toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { fromNatsError } from './connection/from-nats-error.js';
import type { NatsLink } from './connection/nats-link.js';

export interface LiveSubscription {
  /**
   * Resolves when the server has the subscription: what is published from then on arrives. Rejects with `unavailable` while
   * NATS is away.
   */
  readonly ready: Promise<void>;
  stop(): void;
}

/**
 * What is of interest only while somebody listens. Nothing is stored or repeated: whoever misses a message, as over a
 * reconnection, asks its source for what is missing.
 */
export class LiveFeed {
  private readonly logger = new Logger('Live');

  constructor(private readonly link: NatsLink) {}

  /** False, and nothing is sent, while NATS is away. */
  publish(subject: string, message: unknown): boolean {
    if (!this.link.isConnected) return false;
    this.link.current().publish(subject, JSON.stringify(message));
    return true;
  }

  /**
   * Lives through reconnections.
   * @param parse Throws for what is no such message: that is reported and dropped.
   */
  subscribe<Message>(
    subject: string,
    parse: (data: unknown) => Message,
    listener: (message: Message) => void,
  ): LiveSubscription {
    let subscription: Subscription | undefined;
    let ready: Promise<void> = Promise.resolve();
    const callback = (error: Error | null, message: Msg): void => {
      if (error) this.logger.error(`cannot receive ${subject}: ${error.message}`);
      else this.deliver(message, (data) => listener(parse(data)));
    };
    const detach = this.link.attach((connection) => {
      subscription = connection.subscribe(subject, { callback });
      ready = this.confirm(subject);
      // Whoever waits for it is told; whoever does not must not end the process.
      ready.catch(() => undefined);
    });
    return {
      ready,
      stop: () => {
        detach();
        subscription?.unsubscribe();
      },
    };
  }

  private async confirm(subject: string): Promise<void> {
    try {
      await this.link.whileConnected((connection) => connection.flush());
    } catch (thrown) {
      throw fromNatsError(thrown, `subscribe to ${subject}`);
    }
  }

  private deliver(message: Msg, take: (data: unknown) => void): void {
    try {
      take(message.json());
    } catch (thrown) {
      this.logger.warn(`a message on ${message.subject} was dropped: ${toAppError(thrown).message}`);
    }
  }
}
