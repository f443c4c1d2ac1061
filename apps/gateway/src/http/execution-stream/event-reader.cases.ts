import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';

export interface ReadEvent {
  readonly id: number | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventRequest {
  readonly url: string;
  readonly key: string;
  readonly method?: 'GET' | 'POST';
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

/** A client on a socket of its own that reads as slowly as the test wants. */
export class EventReader {
  private text = '';

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    // A connection that is cut is what some tests are about.
    response.on('error', () => undefined);
  }

  /** Resolves with the headers; nothing of the body is read yet. */
  static async open({ url, key, method = 'GET', json, headers = {} }: EventRequest): Promise<EventReader> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const request = httpRequest(url, {
      method,
      agent: false,
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${key}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    request.on('error', () => undefined);
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new EventReader(response);
  }

  get status(): number | undefined {
    return this.response.statusCode;
  }

  /** Everything that is sent from now on is read as it comes. */
  flow(): this {
    this.response.on('data', (text: string) => (this.text += text));
    return this;
  }

  /** Reads on to the end and keeps only that: the last event, which must be small. */
  async last(): Promise<ReadEvent | undefined> {
    this.response.on('data', (text: string) => (this.text = (this.text + text).slice(-1_000)));
    return (await this.ended()).at(-1);
  }

  /** Reads one byte in each interval; the returned function stops that. */
  trickle(milliseconds: number): () => void {
    this.response.setEncoding('latin1');
    const timer = setInterval(() => {
      const byte: unknown = this.response.read(1);
      if (typeof byte === 'string') this.text += byte;
    }, milliseconds);
    return () => clearInterval(timer);
  }

  async ended(): Promise<ReadEvent[]> {
    if (!this.response.closed) await once(this.response, 'close');
    return this.events;
  }

  leave(): void {
    this.response.destroy();
  }

  get events(): ReadEvent[] {
    return this.text.split('\n\n').slice(0, -1).flatMap(readEvent);
  }

  get comments(): number {
    return this.text.split('\n\n').filter((block) => block.startsWith(':')).length;
  }

  get raw(): string {
    return this.text;
  }
}

function readEvent(block: string): ReadEvent[] {
  const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  const [event, data, id] = [fields.get('event'), fields.get('data'), fields.get('id')];
  if (event === undefined || data === undefined) return [];
  return [{ id: id === undefined ? undefined : Number(id), event, data: JSON.parse(data) as ReadEvent['data'] }];
}

/** The output of one stream as the client has it. */
export function outputOf(events: readonly ReadEvent[], stream: 'stdout' | 'stderr'): string {
  return events.flatMap(({ event, data }) => (event === stream ? String(data['text']) : [])).join('');
}
