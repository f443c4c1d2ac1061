import { jetstream } from '@nats-io/jetstream';
import { errors, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { fromNatsError, isNoResponders } from '../connection/from-nats-error.js';
import type { NatsLink } from '../connection/nats-link.js';
import { ensureStreams } from './ensure-streams.js';

export interface StreamMessage {
  readonly subject: string;
  readonly data: string | Uint8Array;
  /** The server drops a message whose id it has seen in the last two minutes. */
  readonly id: string;
  readonly headers?: MsgHdrs;
}

const publishTimeoutMilliseconds = 3_000;

/** Resolves when the server has stored the message. Rejects with AppError `unavailable` or `timeout` otherwise. */
export async function publishToStream(link: NatsLink, message: StreamMessage): Promise<void> {
  try {
    await link.whileConnected((connection) => publish(connection, message));
  } catch (thrown) {
    throw fromNatsError(thrown, `publish ${message.subject}`);
  }
}

async function publish(connection: NatsConnection, message: StreamMessage): Promise<void> {
  const { subject, data, id, headers } = message;
  const options = { msgID: id, timeout: publishTimeoutMilliseconds, ...(headers ? { headers } : {}) };
  try {
    await jetstream(connection).publish(subject, data, options);
  } catch (error) {
    // Without the stream nobody confirms: at once where nobody listens, else (plain subscribers) only by the timeout.
    if (!isNoResponders(error) && !(error instanceof errors.TimeoutError)) throw error;
    await ensureStreams(connection);
    await jetstream(connection).publish(subject, data, options);
  }
}
