import { instanceSubject, type ReplyOf, type RequestOf, type Rpc } from '@nalabo/contracts';
import type { Clock } from '@nalabo/kernel';
import type { Msg } from '@nats-io/transport-node';
import { fromNatsError } from '../connection/from-nats-error.js';
import type { NatsLink } from '../connection/nats-link.js';
import { makeEnvelope, type MessageContext } from '../message/make-envelope.js';
import { inSpan, SpanKind } from '../trace.js';
import { decodeReply } from './reply.js';

export interface RequestContext extends MessageContext {
  /** How long to wait for the reply. Default: 10 seconds. */
  readonly timeoutMs?: number;
  /** Asks this instance of the service instead of any. */
  readonly instance?: string;
}

const defaultTimeoutMilliseconds = 10_000;

/** Asks other services. */
export class RpcClient {
  constructor(
    private readonly link: NatsLink,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves with the parsed reply. Rejects with the AppError that the other side threw; with `unavailable` when nobody
   * answers or the connection is away or lost; with `timeout` when the reply does not come in time. After the last two
   * the request may or may not have been carried out.
   */
  async request<Contract extends Rpc>(
    rpc: Contract,
    payload: RequestOf<Contract>,
    context: RequestContext,
  ): Promise<ReplyOf<Contract>> {
    const subject = context.instance === undefined ? rpc.subject : instanceSubject(rpc, context.instance);
    return inSpan({ name: `request ${rpc.type}`, kind: SpanKind.CLIENT, subject }, async () => {
      const envelope = makeEnvelope(rpc, payload, context, this.clock);
      const timeout = context.timeoutMs ?? defaultTimeoutMilliseconds;
      return decodeReply(rpc, await this.exchange(subject, JSON.stringify(envelope), timeout));
    });
  }

  private async exchange(subject: string, data: string, timeout: number): Promise<Msg> {
    try {
      return await this.link.whileConnected((connection) => connection.request(subject, data, { timeout }));
    } catch (thrown) {
      throw fromNatsError(thrown, `request ${subject}`);
    }
  }
}
