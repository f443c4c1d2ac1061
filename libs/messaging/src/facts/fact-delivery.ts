import { deadLetterSubject, type Envelope, type SessionFact } from '@nalabo/contracts';
import { AppError, assertNever, toAppError } from '@nalabo/kernel';
import { Logger } from '@nestjs/common';
import type { JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { NatsLink } from '../connection/nats-link.js';
import { parseMessage } from '../message/parse-message.js';
import { inSpan, SpanKind } from '../trace.js';
import { acknowledge, maximumDeliveries } from './acknowledge.js';
import { publishToStream } from './publish-to-stream.js';

/** Well below the time after which the server delivers an unsettled message again. */
const renewalMilliseconds = 10_000;
const deadLetterRetryMilliseconds = 30_000;

/** Takes one delivered message to its end: handled, to be delivered again, or a dead letter. */
export class FactDelivery {
  private readonly logger = new Logger('Facts');

  constructor(
    private readonly link: NatsLink,
    private readonly durable: { readonly service: string; readonly fact: SessionFact },
    private readonly handle: (envelope: Envelope) => Promise<unknown>,
  ) {}

  /** Never rejects: what cannot be settled, or is settled while NATS is away, is delivered again by the server. */
  async deliver(message: JsMsg): Promise<void> {
    const renewal = setInterval(() => this.renew(message), renewalMilliseconds);
    try {
      await this.settle(message, await this.attempt(message));
    } catch (thrown) {
      this.logger.warn(`${message.subject} is not settled and comes again: ${toAppError(thrown).message}`);
    } finally {
      clearInterval(renewal);
    }
  }

  private renew(message: JsMsg): void {
    try {
      message.working();
    } catch (thrown) {
      // Its connection is closed for good: the message comes again over another one. A timer must not throw.
      this.logger.debug(`${message.subject} is not renewed: ${toAppError(thrown).message}`);
    }
  }

  private async attempt(message: JsMsg): Promise<AppError | null> {
    if (message.info.deliveryCount > maximumDeliveries) {
      // Its handler never came back, the last time neither: running it once more could end this process as well.
      return new AppError('internal', `delivered ${maximumDeliveries} times and never settled`);
    }
    const { fact } = this.durable;
    try {
      const envelope = parseMessage(message.data, fact, fact.payload);
      const { subject } = message;
      const span = { name: `handle ${fact.type}`, kind: SpanKind.CONSUMER, subject, traceparent: envelope.traceparent };
      await inSpan(span, () => this.handle(envelope));
      return null;
    } catch (thrown) {
      return toAppError(thrown);
    }
  }

  private async settle(message: JsMsg, error: AppError | null): Promise<void> {
    const verdict = acknowledge(error, message.info.deliveryCount);
    if (error) this.report(message, error, verdict.action);
    switch (verdict.action) {
      case 'ack':
        message.ack();
        return;
      case 'retry':
        message.nak(verdict.delayMilliseconds);
        return;
      case 'dead-letter':
        await this.bury(message, error);
        return;
      default:
        assertNever(verdict);
    }
  }

  /** The message is given up only when its dead letter is stored. */
  private async bury(message: JsMsg, error: AppError | null): Promise<void> {
    const { service } = this.durable;
    const { stream, streamSequence, deliveryCount } = message.info;
    const reasons = headers();
    reasons.set('Nalabo-Service', service);
    reasons.set('Nalabo-Deliveries', String(deliveryCount));
    reasons.set('Nalabo-Error', error?.kind ?? 'internal');
    reasons.set('Nalabo-Reason', headerText(error?.message ?? ''));
    const subject = deadLetterSubject(message.subject);
    const id = `dead-${service}-${stream}-${streamSequence}`;
    try {
      await publishToStream(this.link, { subject, data: message.data, id, headers: reasons });
    } catch (thrown) {
      this.logger.warn(`no dead letter for ${message.subject} yet: ${toAppError(thrown).message}`);
      message.nak(deadLetterRetryMilliseconds);
      return;
    }
    // Without a reason: servers below 2.10 ignore a termination that carries one.
    message.term();
  }

  private report(message: JsMsg, error: AppError, action: string): void {
    const { deliveryCount } = message.info;
    const text = `${message.subject}, delivery ${deliveryCount}, ${action}: ${error.kind}: ${error.message}`;
    const cause = error.cause instanceof Error ? error.cause : error;
    if (action === 'dead-letter') this.logger.error(text, cause.stack);
    else if (error.kind === 'internal') this.logger.warn(`${text}\n${cause.stack}`);
    else this.logger.debug(text);
  }
}

/** A header is one line of visible ASCII. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 1_000);
}
