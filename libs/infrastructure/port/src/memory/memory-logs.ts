import { EventEmitter, once } from 'node:events';
import type { LogRequest } from '../apply.js';

interface ContainerLog {
  text: string;
  isOver: boolean;
  readonly events: EventEmitter<{ change: [] }>;
}

/** What the containers of services have written, by the names of the containers. */
export class MemoryLogs {
  private readonly logs = new Map<string, ContainerLog>();
  /** How many logs are being read at this moment. */
  readers = 0;

  write(container: string, text: string): void {
    const log = this.of(container);
    log.text += text;
    log.events.emit('change');
  }

  /** Ends it for whoever follows, as the end of a container does. */
  remove(container: string): void {
    const log = this.logs.get(container);
    this.logs.delete(container);
    if (!log) return;
    log.isOver = true;
    log.events.emit('change');
  }

  async *read(
    container: string,
    { tail, follow }: Pick<LogRequest, 'tail' | 'follow'>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const log = this.of(container);
    this.readers += 1;
    try {
      let position = log.text.length - lastLines(log.text, tail).length;
      while (!signal.aborted) {
        const news = log.text.slice(position);
        position = log.text.length;
        if (news !== '') yield Buffer.from(news);
        else if (!follow || log.isOver) return;
        else await once(log.events, 'change', { signal }).catch(() => undefined);
      }
    } finally {
      this.readers -= 1;
    }
  }

  private of(container: string): ContainerLog {
    const known = this.logs.get(container);
    if (known) return known;
    const log = { text: '', isOver: false, events: new EventEmitter<{ change: [] }>().setMaxListeners(0) };
    this.logs.set(container, log);
    return log;
  }
}

function lastLines(text: string, count: number): string {
  return text
    .split(/(?<=\n)/)
    .slice(-count)
    .join('');
}
