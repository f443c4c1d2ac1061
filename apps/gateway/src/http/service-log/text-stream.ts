import type { ClientStream } from '../stream/client-stream.js';

/**
 * The pieces of a text, however they are cut, as UTF-8; invalid bytes become U+FFFD. It starts with nothing, because the
 * headers go out with the first text.
 */
export async function* textStream(
  pieces: AsyncGenerator<Uint8Array>,
  client: Pick<ClientStream, 'offered' | 'taken'>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  try {
    yield '';
    for await (const piece of pieces) {
      const text = decoder.decode(piece, { stream: true });
      client.offered();
      yield text;
      // Whoever asks for the next text has taken this one.
      client.taken();
    }
    const rest = decoder.decode();
    // Nobody asks for more after the end: that it is taken shows when the connection is closed.
    client.offered();
    if (rest !== '') yield rest;
  } finally {
    await pieces.return(undefined);
  }
}
