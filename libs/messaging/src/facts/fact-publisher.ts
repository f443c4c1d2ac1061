import type { Envelope } from '@nalabo/contracts';
import type { NatsLink } from '../connection/nats-link.js';
import { inSpan, SpanKind } from '../trace.js';
import { publishToStream } from './publish-to-stream.js';

/** Puts committed facts on the stream; the port of the outbox relay. */
export class FactPublisher {
  constructor(private readonly link: NatsLink) {}

  /** Resolves when the fact is stored. `messageId` makes a repeated publication harmless. AppError `unavailable`, `timeout`. */
  async publish(subject: string, envelope: Envelope, messageId: string): Promise<void> {
    const { type, traceparent } = envelope;
    await inSpan({ name: `publish ${type}`, kind: SpanKind.PRODUCER, subject, traceparent }, () =>
      publishToStream(this.link, { subject, data: JSON.stringify(envelope), id: messageId }),
    );
  }
}
