import {
  outputSubject,
  type RequestOf,
  rpcs,
  type ServiceLogEnd,
  type ServiceLogFrame,
  serviceLogFrameBytes,
  serviceLogLimits,
} from '@nalabo/contracts';
import { AppError, newId } from '@nalabo/kernel';
import { HandleRpc, LiveFeed, MessagingModule } from '@nalabo/messaging';
import { startApplication } from '@nalabo/messaging/testing';
import { Controller, type INestApplication } from '@nestjs/common';
import { platform } from '../../platform.cases.js';

const { openLog, keepLog, closeLog } = rpcs.executor;
const instance = newId();

/** One log that is read, as the gateway sees it: the test is the service. */
export class TestLog {
  isClosed = false;
  sent = 0;
  taken = 0;
  signsOfLife = 0;
  /** The most that was sent and not yet taken. */
  mostUntaken = 0;
  private waiting = Buffer.alloc(0);

  constructor(
    readonly order: RequestOf<typeof openLog>,
    private readonly publish: (frame: ServiceLogFrame) => void,
  ) {}

  write(bytes: string | Uint8Array): void {
    this.waiting = Buffer.concat([this.waiting, Buffer.from(bytes)]);
    this.pump();
  }

  /** So much is lost on the way. */
  lose(bytes: number): void {
    this.sent += bytes;
  }

  end(end: ServiceLogEnd): void {
    this.publish({ kind: 'ended', offset: this.sent, end });
  }

  keep(taken: number): void {
    this.signsOfLife += 1;
    this.taken = taken;
    this.pump();
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.sent - this.taken < serviceLogLimits.untakenBytes) {
      const piece = this.waiting.subarray(0, serviceLogFrameBytes);
      this.waiting = this.waiting.subarray(piece.length);
      this.publish({ kind: 'output', offset: this.sent, data: piece.toString('base64') });
      this.sent += piece.length;
      this.mostUntaken = Math.max(this.mostUntaken, this.sent - this.taken);
    }
  }
}

/** Every log that was opened, by its reader. */
export const logs = new Map<string, TestLog>();
/** What the next order is answered with in place of a log. */
export const refusal: { next: AppError | undefined } = { next: undefined };

@Controller()
class LogExecutor {
  constructor(private readonly live: LiveFeed) {}

  @HandleRpc(openLog)
  async open(order: RequestOf<typeof openLog>, envelope: Parameters<typeof platform.find>[1]) {
    platform.find(order.sessionId, envelope);
    const { next } = refusal;
    refusal.next = undefined;
    if (next) throw next;
    const subject = outputSubject(order.readerId);
    logs.set(order.readerId, new TestLog(order, (frame) => void this.live.publish(subject, frame)));
    return { instance };
  }

  @HandleRpc(keepLog)
  async keep({ readerId, taken }: RequestOf<typeof keepLog>) {
    const log = logs.get(readerId);
    if (!log || log.isClosed) throw new AppError('not_found', 'nothing is read for this reader');
    log.keep(taken);
    return {};
  }

  @HandleRpc(closeLog)
  async close({ readerId }: RequestOf<typeof closeLog>) {
    const log = logs.get(readerId);
    if (log) log.isClosed = true;
    return {};
  }
}

export function startLogExecutor(natsUrl: string): Promise<INestApplication> {
  class ExecutorOfTheTest {}
  const messaging = MessagingModule.forRoot({ url: natsUrl, service: 'executor', instance });
  return startApplication({ module: ExecutorOfTheTest, imports: [messaging], controllers: [LogExecutor] });
}
