import { type Envelope, factFilter } from '@nalabo/contracts';
import { toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { NatsLink } from '../connection/nats-link.js';
import { parseEnvelope } from '../message/parse-message.js';

/** Some facts of every session, every fact of one session, or all. What is not selected does not reach this process. */
export interface FactSelection {
  readonly fact?: string | readonly string[];
  readonly sessionId?: string;
}

export type FactListener = (fact: Envelope) => void | Promise<void>;

/** Facts as hints, to every process that listens: nothing is stored, repeated or made up for after an outage. */
export class FactFeed {
  private readonly logger = new Logger('Facts');

  constructor(private readonly link: NatsLink) {}

  /** Returns how to stop. Lives through reconnections; the payload is not parsed, because a hint makes one look. */
  subscribeFacts(selection: FactSelection, listener: FactListener): () => void {
    let subscriptions: Subscription[] = [];
    const { fact, ...rest } = selection;
    const filters =
      fact === undefined ? [factFilter(rest)] : [fact].flat().map((one) => factFilter({ ...rest, fact: one }));
    const callback = (error: Error | null, message: Msg): void => {
      if (error) this.logger.error(`cannot receive facts: ${error.message}`);
      else void this.deliver(message, listener);
    };
    const detach = this.link.attach((connection) => {
      subscriptions = filters.map((filter) => connection.subscribe(filter, { callback }));
    });
    return () => {
      detach();
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }

  private async deliver(message: Msg, listener: FactListener): Promise<void> {
    try {
      await listener(parseEnvelope(message.data));
    } catch (thrown) {
      this.logger.warn(`a hint on ${message.subject} was not used: ${toAppError(thrown).message}`);
    }
  }
}
