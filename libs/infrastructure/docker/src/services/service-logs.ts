import type { Readable } from 'node:stream';
import { toEngineError } from '../engine/errors.js';
import { Demultiplexer } from '../exec/demultiplexer.js';

/** What a service has written, from what the engine sends of it. An abort ends it, and so does the end of the service. */
export async function* serviceLogs(frames: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const format = new Demultiplexer();
  const ready: Uint8Array[] = [];
  const keep = (chunk: Uint8Array): void => void ready.push(chunk);
  try {
    for await (const chunk of frames as AsyncIterable<Uint8Array>) {
      await format.push(chunk, { stdout: keep, stderr: keep });
      yield* ready.splice(0);
    }
  } catch (error) {
    if (!signal.aborted) throw toEngineError(error, 'read the log of a service');
  } finally {
    frames.destroy();
  }
}
