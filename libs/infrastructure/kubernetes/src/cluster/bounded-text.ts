import { AppError } from '@nalabo/kernel';

/**
 * A body as text. What is larger is given up while it comes in: it may be a small message that unpacks into a huge one.
 * @throws AppError `unprocessable` when it is larger than `largest` bytes.
 */
export async function boundedText(body: AsyncIterable<Uint8Array> | null, largest: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > largest) {
      const publicMessage = 'The API of the session answers more than the platform reads.';
      throw new AppError('unprocessable', `an answer is larger than ${largest} bytes`, { publicMessage });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
