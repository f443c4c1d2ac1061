import type { OutputFrame } from '@nalabo/contracts';
import { assertNever } from '@nalabo/kernel';
import { decodeOutput, type Encoding } from '../text-encoding.js';
import type { ServerSentEvent } from './event-stream.js';

/** The client took too little of what came: it goes on behind `after` by asking again. */
export interface Lagged {
  readonly kind: 'lagged';
  readonly after: number;
}

export async function* toEvents(
  frames: AsyncGenerator<OutputFrame | Lagged>,
  executionId: string,
  encoding: Encoding,
): AsyncGenerator<ServerSentEvent> {
  for await (const frame of frames) yield toEvent(frame, executionId, encoding);
}

/** A frame as a client reads it. `lagged` has no number: the client's last one stays. */
export function toEvent(frame: OutputFrame | Lagged, executionId: string, encoding: Encoding): ServerSentEvent {
  switch (frame.kind) {
    case 'started':
      return { id: frame.seq, event: 'started', data: { executionId, startedAt: frame.startedAt } };
    case 'output':
      return { id: frame.seq, event: frame.stream, data: toOutput(frame.data, encoding) };
    case 'truncated':
      return { id: frame.seq, event: 'truncated', data: { stream: frame.stream } };
    case 'finished': {
      const { kind, seq, ...end } = frame;
      return { id: seq, event: kind, data: { executionId, ...end } };
    }
    case 'lagged':
      return { event: 'lagged', data: { after: frame.after } };
    default:
      return assertNever(frame);
  }
}

/** A frame never ends inside a character, so each is decoded for itself. */
function toOutput(data: string, encoding: Encoding): { text: string } | { base64: string } {
  return encoding === 'base64' ? { base64: data } : { text: decodeOutput(data, 'utf8', false) };
}
