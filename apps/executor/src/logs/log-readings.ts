import { outputSubject, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError, toAppError } from '@nalabo/kernel';
import { FactFeed, LiveFeed } from '@nalabo/messaging';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { onSessionEnd } from '../access/on-session-end.js';
import type { Place } from '../apply/apply-places.js';
import { refuseEnded, refuseReader } from './log-admission.js';
import { LogReading } from './log-reading.js';

type OpenRequest = RequestOf<typeof rpcs.executor.openLog>;

interface HostedReading {
  readonly sessionId: string;
  readonly reading: LogReading;
  /** Resolves when the infrastructure is let go. */
  over: Promise<void>;
}

/** The refusal must come before the caller has given up. */
const openMilliseconds = 8000;

/** The logs that are read in this process. */
@Injectable()
export class LogReadings implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Logs');
  private readonly hosted = new Map<string, HostedReading>();
  private isStopping = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly live: LiveFeed,
    private readonly feed: FactFeed,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = onSessionEnd(this.feed, (sessionId) => {
      for (const { reading } of this.of(sessionId)) reading.end('session_over');
    });
  }

  /** Before the transport closes, so that readers are still told. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.unsubscribe();
    for (const { reading } of this.hosted.values()) reading.end('shutdown');
    await Promise.all([...this.hosted.values()].map(({ over }) => over));
  }

  /** Resolves when the log is being read. @throws AppError `exhausted`, `conflict`, `unavailable`, and as `ApplyFacet.logs`. */
  async open({ sessionId, readerId, ...request }: OpenRequest, { facet, ref }: Place): Promise<void> {
    const refusal = refuseEnded(this.isStopping ? 'shutdown' : undefined) ?? refuseReader(this.of(sessionId).length);
    if (refusal) throw refusal;
    if (this.hosted.has(readerId)) throw new AppError('conflict', `a log is read for reader ${readerId} already`);
    const subject = outputSubject(readerId);
    const reading = new LogReading((frame) => this.live.publish(subject, frame));
    // Known from the beginning: the session may end while the log is being opened.
    const hosted: HostedReading = { sessionId, reading, over: Promise.resolve() };
    this.hosted.set(readerId, hosted);
    try {
      const log = await this.opened(reading, facet.logs(ref, request, reading.signal));
      hosted.over = this.host(readerId, reading, log);
    } catch (thrown) {
      const ended = refuseEnded(reading.ended);
      reading.end('lost');
      this.hosted.delete(readerId);
      throw ended ?? thrown;
    }
  }

  /** Undefined when nothing is, or no longer, read here for this reader. */
  find(readerId: string): LogReading | undefined {
    return this.hosted.get(readerId)?.reading;
  }

  private of(sessionId: string): readonly HostedReading[] {
    return [...this.hosted.values()].filter((hosted) => hosted.sessionId === sessionId);
  }

  private async opened<Log>(reading: LogReading, log: Promise<Log>): Promise<Log> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new AppError('timeout', 'the infrastructure did not answer in time'));
      reading.end('lost');
    }, openMilliseconds);
    return Promise.race([log, late.promise]).finally(() => clearTimeout(timer));
  }

  private async host(readerId: string, reading: LogReading, log: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await reading.run(log);
    } catch (thrown) {
      this.logger.warn(`a log broke off: ${toAppError(thrown).message}`);
    }
    this.hosted.delete(readerId);
  }
}
