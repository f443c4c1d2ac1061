import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { retry } from '@nalabo/kernel';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { connectionOptions, type MessagingOptions } from './connection-options.js';
import { checkPayloadLimit, connectionState, type ConnectionState } from './connection-state.js';
import { messagingUnavailable } from './from-nats-error.js';

const connectBackoff = { firstMilliseconds: 200, factor: 2, maximumMilliseconds: 2_000 };
const drainMilliseconds = 2_000;

type ConnectionListener = (connection: NatsConnection) => void;

/**
 * The process's one connection to NATS. It is made in the background and made again for ever, so a service starts and
 * lives without NATS; whoever needs a connection now is told `unavailable` at once.
 */
export class NatsLink implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('NATS');
  private readonly stopping = new AbortController();
  private readonly events = new EventEmitter<{ connected: []; lost: [] }>().setMaxListeners(0);
  private readonly listeners = new Set<ConnectionListener>();
  private connection: NatsConnection | undefined;
  private connected = false;
  private running: Promise<void> = Promise.resolve();
  private readonly options: ConnectionOptions;

  constructor(options: MessagingOptions) {
    this.options = connectionOptions(options);
  }

  onModuleInit(): void {
    this.running = this.run();
  }

  /** Comes last: the strategies have answered and acknowledged what they had, and what they wrote is sent now. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const { connection } = this;
    if (connection && this.connected)
      await Promise.race([drain(connection), delay(drainMilliseconds, undefined, { ref: false })]);
    await connection?.close();
    await this.running;
  }

  connectionState(): ConnectionState {
    return connectionState(this.connected ? this.connection?.info?.max_payload : undefined);
  }

  get isConnected(): boolean {
    return this.connected;
  }

  /** The connection, or AppError `unavailable`. */
  current(): NatsConnection {
    if (this.connection && this.connected) return this.connection;
    throw messagingUnavailable('use the message bus', 'NATS is not connected');
  }

  /** Waits until there is a working connection. Rejects only when the signal aborts. */
  async untilConnected(signal: AbortSignal): Promise<void> {
    while (!this.connected) await once(this.events, 'connected', { signal });
  }

  /** Runs the listener with the connection there is and with every new one. Returns how to stop that. */
  attach(listener: ConnectionListener): () => void {
    this.listeners.add(listener);
    if (this.connection) listener(this.connection);
    return () => void this.listeners.delete(listener);
  }

  /** Runs the listener whenever the connection is lost. Returns how to stop that. */
  onLost(listener: () => void): () => void {
    this.events.on('lost', listener);
    return () => void this.events.off('lost', listener);
  }

  /** Runs `act`, but rejects with `unavailable` as soon as the connection is lost: what was sent is then unknown. */
  async whileConnected<Result>(act: (connection: NatsConnection) => Promise<Result>): Promise<Result> {
    const connection = this.current();
    const interrupted = Promise.withResolvers<never>();
    const release = this.onLost(() =>
      interrupted.reject(messagingUnavailable('await the message bus', 'the connection was lost')),
    );
    try {
      return await Promise.race([act(connection), interrupted.promise]);
    } finally {
      release();
    }
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const connection = await this.open();
      if (!connection) return;
      this.connection = connection;
      this.gain(connection);
      for (const listener of this.listeners) listener(connection);
      await this.watch(connection);
      this.connection = undefined;
    }
  }

  /** Undefined when the service stops before there is a connection. */
  private async open(): Promise<NatsConnection | undefined> {
    const { signal } = this.stopping;
    let hasComplained = false;
    const attempt = async (): Promise<NatsConnection> => {
      try {
        return await connect(this.options);
      } catch (error) {
        if (!hasComplained) this.logger.warn(`NATS cannot be reached, trying on: ${String(error)}`);
        hasComplained = true;
        throw error;
      }
    };
    const isWorthRetrying = (): boolean => !signal.aborted;
    const policy = { ...connectBackoff, attempts: Number.POSITIVE_INFINITY, signal, isWorthRetrying };
    const connection = await retry(attempt, policy).catch(() => undefined);
    if (!signal.aborted) return connection;
    await connection?.close();
    return undefined;
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.lose();
      if (status.type === 'reconnect') this.gain(connection);
      if (status.type === 'error') this.logger.error(`NATS reports: ${status.error.message}`);
    }
    this.lose();
  }

  private gain(connection: NatsConnection): void {
    this.connected = true;
    this.logger.log(`NATS is connected at ${connection.getServer()}`);
    const problem = checkPayloadLimit(connection.info?.max_payload ?? 0);
    if (problem) this.logger.error(problem);
    this.events.emit('connected');
  }

  private lose(): void {
    if (!this.connected) return;
    this.connected = false;
    if (!this.stopping.signal.aborted) this.logger.warn('NATS is disconnected, trying on');
    this.events.emit('lost');
  }
}

/** The server may go away in the middle; then there is nothing left to send. */
async function drain(connection: NatsConnection): Promise<void> {
  await connection.drain().catch(() => connection.close());
}
