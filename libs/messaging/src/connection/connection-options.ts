import { AppError } from '@nalabo/kernel';
import type { ConnectionOptions } from '@nats-io/transport-node';

/** What a service says about itself to the messaging library. */
export interface MessagingOptions {
  /** `nats://user:password@host:port`, or several of them separated by commas. Holds a secret: not for logs. */
  readonly url: string;
  /** The service's name: the queue group of its requests and the prefix of its durable consumers. */
  readonly service: string;
  /** This process among the replicas of the service: letters, digits, `-` and `_`. */
  readonly instance: string;
}

const connectTimeoutMilliseconds = 2_000;
const reconnectWaitMilliseconds = 500;
const pingIntervalMilliseconds = 10_000;

/** Splits the URL, because the client takes credentials only apart from the address. AppError `invalid_input` when it is none. */
export function connectionOptions(options: MessagingOptions): ConnectionOptions {
  const urls = options.url.split(',').map(parseUrl);
  const { username, password } = urls[0] ?? { username: '', password: '' };
  return {
    servers: urls.map((url) => url.host),
    ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
    name: `${options.service}/${options.instance}`,
    timeout: connectTimeoutMilliseconds,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMilliseconds,
    // A server that is restarted with new credentials rolled out later must not end the client for good.
    ignoreAuthErrorAbort: true,
    // A host that vanished without closing the socket is noticed after two unanswered pings.
    pingInterval: pingIntervalMilliseconds,
    maxPingOut: 2,
    // Otherwise every request keeps a stack trace for the case that it fails, which costs more than the rest of the client.
    noAsyncTraces: true,
  };
}

function parseUrl(text: string): URL {
  // The URL itself stays out of the error: it may hold a password.
  if (!URL.canParse(text.trim())) throw new AppError('invalid_input', 'the NATS URL is not a URL');
  return new URL(text.trim());
}
