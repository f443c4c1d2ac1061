import { LiveFeed, RpcClient } from '@nalabo/messaging';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type LogClient, type LogOrder, LogReader } from './log-reader.js';

/** The logs of services for the clients of this gateway. */
@Injectable()
export class LogStreams implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly rpc: RpcClient,
    private readonly live: LiveFeed,
  ) {}

  /** Aborts when the service stops; then every stream is broken off and its client comes back to another replica. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** Resolves when the log is being read. Rejects as the executor refuses it. */
  async open(order: LogOrder, client: LogClient): Promise<AsyncGenerator<Buffer>> {
    const reader = new LogReader(order, client, { rpc: this.rpc, live: this.live, stopSignal: this.stopSignal });
    await reader.open();
    return reader.pieces();
  }
}
