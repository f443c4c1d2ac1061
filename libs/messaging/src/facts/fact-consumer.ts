import { setTimeout as delay } from 'node:timers/promises';
import { factFilter, factStream, type SessionFact } from '@nalabo/contracts';
import { toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';
import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { NatsLink } from '../connection/nats-link.js';
import { InFlight } from '../in-flight.js';
import { ensureStreams } from './ensure-streams.js';

/** A message that is neither settled nor renewed for so long is delivered again: its process has died. */
const acknowledgeWaitMilliseconds = 30_000;

const concurrency = 8;
const pullMilliseconds = 30_000;
const recoveryMilliseconds = 1_000;

/** Pulls one fact for one service, never more messages than can be handled at once. Survives any outage. */
export class FactConsumer {
  private readonly logger = new Logger('Facts');
  private readonly stopping = new AbortController();
  private readonly inFlight = new InFlight();
  private batch: ConsumerMessages | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly link: NatsLink,
    private readonly durable: { readonly service: string; readonly fact: SessionFact },
    private readonly deliver: (message: JsMsg) => Promise<void>,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Takes no further message and waits for those already taken. Says how many are unfinished after that time. */
  async stop(milliseconds: number): Promise<number> {
    this.stopping.abort();
    this.batch?.stop();
    await this.running;
    return this.inFlight.settle(milliseconds);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const release = this.link.onLost(() => this.batch?.stop());
    while (!signal.aborted) {
      try {
        await this.link.untilConnected(signal);
        const consumer = await this.link.whileConnected(async (connection) =>
          this.ensureConsumer(await ensureStreams(connection)),
        );
        await this.pull(consumer);
      } catch (thrown) {
        if (signal.aborted) break;
        this.logger.warn(`${this.durable.fact.type}: ${toAppError(thrown).message}; starting over`);
        await delay(recoveryMilliseconds, undefined, { signal }).catch(() => undefined);
      }
    }
    release();
  }

  private async ensureConsumer(manager: JetStreamManager): Promise<Consumer> {
    const { service, fact } = this.durable;
    const name = `${service}-session-${fact.fact}`;
    const config = {
      durable_name: name,
      filter_subject: factFilter({ fact: fact.fact }),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(acknowledgeWaitMilliseconds),
      // The limit is ours: the server would drop the message silently where we keep a dead letter.
      max_deliver: -1,
    };
    try {
      await manager.consumers.add(factStream.name, config);
    } catch (error) {
      // It exists with other settings; anything else fails here again, with its own reason.
      if (!(error instanceof JetStreamApiError)) throw error;
      await manager.consumers.update(factStream.name, name, config);
    }
    return manager.jetstream().consumers.get(factStream.name, name);
  }

  /** Returns when stopped or disconnected; rejects when the stream or the consumer is gone. */
  private async pull(consumer: Consumer): Promise<void> {
    while (!this.stopping.signal.aborted && this.link.isConnected) {
      await this.inFlight.below(concurrency);
      if (this.stopping.signal.aborted) return;
      const free = concurrency - this.inFlight.size;
      this.batch = await consumer.fetch({ max_messages: free, expires: pullMilliseconds });
      for await (const message of this.batch) this.inFlight.track(this.deliver(message));
    }
  }
}
