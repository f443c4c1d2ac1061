import { type OutputFrame, outputSubject, type RequestOf, type rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { type LiveFeed, NatsLink } from '@nalabo/messaging';
import type { GatewayRig } from '../../gateway-rig.cases.js';

type Body<Frame> = Frame extends OutputFrame ? Omit<Frame, 'seq'> : never;

const end = {
  outcome: 'succeeded',
  exitCode: 0,
  truncated: { stdout: false, stderr: false },
  startFailed: false,
  durationMs: 12,
  path: 'lane',
  leftProcesses: false,
} as const;

/** The frames of commands, kept and published as an executor does. */
export class FramedCommands {
  private readonly kept = new Map<string, OutputFrame[]>();
  readonly joined: number[] = [];
  /** How many frames one answer holds. */
  page = 1_000;
  /** Frames that are kept but never published, by their number. */
  lost: ReadonlySet<number> = new Set();

  constructor(private readonly live: LiveFeed) {}

  readonly run = ({ executionId, wait }: RequestOf<typeof rpcs.executor.runCommand>): Promise<object> => {
    this.begin(executionId);
    return Promise.resolve(
      wait ? {} : { state: 'running', outcome: null, exitCode: null, stdout: '', durationMs: null },
    );
  };

  readonly join = ({ executionId, after }: RequestOf<typeof rpcs.executor.joinExecution>): Promise<object> => {
    this.joined.push(after);
    const kept = this.kept.get(executionId);
    if (!kept) throw new AppError('not_found', 'no execution', { publicMessage: 'There is no such execution.' });
    const behind = kept.filter(({ seq }) => seq > after);
    return Promise.resolve({ frames: behind.slice(0, this.page), more: behind.length > this.page });
  };

  readonly look = ({ executionId }: { executionId: string }): Promise<object> => {
    const isFinished = this.kept.get(executionId)?.at(-1)?.kind === 'finished';
    return Promise.resolve({ executionId, ...(isFinished ? {} : { state: 'running', outcome: null, exitCode: null }) });
  };

  begin(executionId: string): void {
    this.kept.set(executionId, []);
    this.add(executionId, { kind: 'started', startedAt: '2026-01-01T12:00:00.000Z' });
  }

  write(executionId: string, bytes: string | Buffer, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.add(executionId, { kind: 'output', stream, data: Buffer.from(bytes).toString('base64') });
  }

  truncate(executionId: string, stream: 'stdout' | 'stderr'): void {
    this.add(executionId, { kind: 'truncated', stream });
  }

  finish(executionId: string): void {
    this.add(executionId, { kind: 'finished', ...end });
  }

  private add(executionId: string, body: Body<OutputFrame>): void {
    const kept = this.kept.get(executionId) ?? [];
    const frame = { ...body, seq: kept.length } as OutputFrame;
    kept.push(frame);
    if (!this.lost.has(frame.seq)) this.live.publish(outputSubject(executionId), frame);
  }
}

/** Resolves when the gateway has received everything that was published. */
export async function delivered({ services, gateway }: Pick<GatewayRig, 'services' | 'gateway'>): Promise<void> {
  for (const app of [services, gateway.app]) await app.get(NatsLink, { strict: false }).current().flush();
}
