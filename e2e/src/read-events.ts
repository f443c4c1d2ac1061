export interface StreamEvent {
  readonly id: number | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The server-sent events of an answer as they come; who stops reading leaves. */
export async function* readEvents(answer: Response): AsyncGenerator<StreamEvent> {
  let text = '';
  for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield* readEvent(block);
  }
}

export async function allEvents(answer: Response): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(answer)) events.push(event);
  return events;
}

/** What the events say that a command has printed. */
export function printed(events: readonly StreamEvent[], stream: 'stdout' | 'stderr'): string {
  return events.map(({ event, data }) => (event === stream ? String(data['text']) : '')).join('');
}

/** A comment is no event. */
function readEvent(block: string): StreamEvent[] {
  const value = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [id, event, data] = [value('id'), value('event'), value('data')];
  if (event === undefined || data === undefined) return [];
  return [{ id: id === undefined ? undefined : Number(id), event, data: JSON.parse(data) as StreamEvent['data'] }];
}
