import { type Envelope, outputSubject, type RequestOf, type rpcs, type TerminalEnd } from '@nalabo/contracts';
import { type Terminal, TargetRegistry } from '@nalabo/infrastructure-port';
import { AppError, newId, type SessionId, systemClock, toAppError } from '@nalabo/kernel';
import { FactFeed, LiveFeed } from '@nalabo/messaging';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { onSessionEnd } from '../access/on-session-end.js';
import type { ResolvedSession } from '../access/state-gate.js';
import { type AttachedAt, TerminalSession } from './terminal-session.js';
import { TerminalStore } from './terminal.store.js';

type AttachRequest = RequestOf<typeof rpcs.executor.attachTerminal>;

interface HostedTerminal {
  readonly sessionId: string;
  readonly session: TerminalSession;
  /** Resolves when it is ended and its row says so. */
  readonly over: Promise<void>;
}

/** The terminals that live in this process. */
@Injectable()
export class TerminalHost implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Terminals');
  private readonly hosted = new Map<string, HostedTerminal>();
  private isStopping = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly targets: TargetRegistry,
    private readonly store: TerminalStore,
    private readonly live: LiveFeed,
    private readonly feed: FactFeed,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = onSessionEnd(this.feed, (sessionId) => {
      for (const hosted of this.hosted.values()) {
        if (hosted.sessionId === sessionId) hosted.session.end('session_over');
      }
    });
  }

  /** Before the transport closes, so that whoever is connected is still told. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.unsubscribe();
    for (const { session } of this.hosted.values()) session.end('shutdown');
    await Promise.all([...this.hosted.values()].map(({ over }) => over));
  }

  /** @throws AppError `exhausted`, `unavailable`. */
  async open(
    resolved: ResolvedSession,
    request: AttachRequest,
    { actor }: Envelope,
  ): Promise<AttachedAt & { readonly terminalId: string }> {
    if (this.isStopping) throw new AppError('unavailable', 'the executor is stopping');
    const terminalId = newId();
    await this.store.open({ terminalId, sessionId: request.sessionId, actor });
    const terminal = await this.start(resolved, terminalId, request);
    const session = new TerminalSession({
      terminal,
      size: request.size,
      clock: systemClock,
      publish: (attachmentId, frame) => this.live.publish(outputSubject(attachmentId), frame),
    });
    const attached = session.attach(request);
    const over = this.host(terminalId, session);
    this.hosted.set(terminalId, { sessionId: request.sessionId, session, over });
    // The stop may have come while it was being opened.
    if (this.isStopping) session.end('shutdown');
    return { terminalId, ...attached };
  }

  /** Undefined when it does not, or no longer, live here. */
  find(terminalId: string): TerminalSession | undefined {
    return this.hosted.get(terminalId)?.session;
  }

  /** Resolves when the terminal, if it lives here, is ended. */
  async end(terminalId: string, reason: TerminalEnd): Promise<void> {
    const hosted = this.hosted.get(terminalId);
    hosted?.session.end(reason);
    await hosted?.over;
  }

  tidy(): void {
    for (const { session } of this.hosted.values()) session.tidy();
  }

  /** A terminal whose row was given up, as after a long outage of the database, can't be found by anybody: it ends. */
  async renewLeases(): Promise<void> {
    const held = [...this.hosted.keys()];
    const renewed = await this.store.renew(held);
    for (const terminalId of held) {
      if (!renewed.has(terminalId)) this.hosted.get(terminalId)?.session.end('lost');
    }
  }

  private async start(resolved: ResolvedSession, terminalId: string, { size }: AttachRequest): Promise<Terminal> {
    const { sessionId, generation, target } = resolved;
    const ref = { sessionId: sessionId as SessionId, generation };
    try {
      return await this.targets.get(target).exec.terminal(ref, { terminalId, environment: {}, ...size });
    } catch (error) {
      await this.saveEnd(terminalId, 'lost');
      if (!(error instanceof AppError && error.kind === 'not_found')) throw error;
      // The session exists, only its workbench doesn't run: it is being restarted, or its end isn't known here yet.
      throw new AppError('unavailable', `session ${sessionId} has no running workbench`, {
        cause: error,
        details: { retryAfterSeconds: 2 },
        publicMessage: 'The workbench of the session is not running.',
      });
    }
  }

  private async host(terminalId: string, session: TerminalSession): Promise<void> {
    let end: TerminalEnd = 'lost';
    try {
      end = await session.run();
    } catch (thrown) {
      this.logger.warn(`terminal ${terminalId} may have left processes: ${toAppError(thrown).message}`);
    }
    this.hosted.delete(terminalId);
    await this.saveEnd(terminalId, end);
  }

  private async saveEnd(terminalId: string, end: TerminalEnd): Promise<void> {
    await this.store.end(terminalId, end).catch((thrown: unknown) => {
      // Nobody renews its lease any more, so it ends as lost.
      this.logger.warn(`the end of terminal ${terminalId} was not saved: ${toAppError(thrown).message}`);
    });
  }
}
