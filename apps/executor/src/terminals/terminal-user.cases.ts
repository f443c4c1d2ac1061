import {
  type Actor,
  outputSubject,
  rpcs,
  type TerminalFrame,
  terminalFrameSchema,
  type TerminalMode,
} from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import { LiveFeed, RpcClient } from '@nalabo/messaging';
import { eventually } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';

export interface Wanted {
  readonly sessionId: string;
  readonly terminalId?: string;
  readonly mode?: TerminalMode;
  readonly offset?: number;
}

const size = { columns: 80, rows: 24 };

/** Somebody at a terminal, as a gateway connects them: over messages alone. */
export class TerminalUser {
  readonly frames: TerminalFrame[] = [];
  readonly attachmentId = newId();
  terminalId = '';
  instance = '';
  private turns = 0;

  constructor(
    private readonly app: INestApplication,
    readonly actor: Actor,
  ) {}

  /** @param asked The executor that is asked; by default any. */
  async attach({ sessionId, terminalId, mode = 'own', offset }: Wanted, asked?: string) {
    const parse = (data: unknown): TerminalFrame => terminalFrameSchema.parse(data);
    const subject = outputSubject(this.attachmentId);
    await this.app.get(LiveFeed).subscribe(subject, parse, (frame) => void this.frames.push(frame)).ready;
    const { attachmentId } = this;
    const request = { sessionId, attachmentId, mode, terminalId: terminalId ?? null, offset: offset ?? null, size };
    const attached = await this.app.get(RpcClient).request(rpcs.executor.attachTerminal, request, this.context(asked));
    ({ terminalId: this.terminalId, instance: this.instance } = attached);
    return attached;
  }

  turn(input = '', resized: typeof size | null = null) {
    const { terminalId, attachmentId, received } = this;
    this.turns += 1;
    const bytes = Buffer.from(input).toString('base64');
    const request = {
      terminalId,
      attachmentId,
      turn: this.turns,
      input: bytes,
      size: resized,
      received,
      rewind: false,
    };
    return this.app.get(RpcClient).request(rpcs.executor.turnTerminal, request, this.context(this.instance));
  }

  detach() {
    const { terminalId, attachmentId } = this;
    const request = { terminalId, attachmentId };
    return this.app.get(RpcClient).request(rpcs.executor.detachTerminal, request, this.context(this.instance));
  }

  get received(): number {
    const last = this.frames.findLast((frame) => frame.kind === 'output');
    return last ? last.offset + Buffer.from(last.data, 'base64').length : 0;
  }

  get screen(): string {
    return Buffer.concat(
      this.frames.flatMap((frame) => (frame.kind === 'output' ? [Buffer.from(frame.data, 'base64')] : [])),
    ).toString();
  }

  sees(pattern: RegExp): Promise<string> {
    return eventually(() => {
      const found = pattern.exec(this.screen);
      if (!found) throw new Error(`nothing like ${String(pattern)} in ${JSON.stringify(this.screen)}`);
      return found[0];
    });
  }

  told(kind: 'ended' | 'closed'): Promise<TerminalFrame> {
    return eventually(() => {
      const found = this.frames.find((frame) => frame.kind === kind);
      if (!found) throw new Error(`not told ${kind}`);
      return found;
    });
  }

  private context(instance: string | undefined) {
    return { actor: this.actor, correlationId: newId(), ...(instance === undefined ? {} : { instance }) };
  }
}
