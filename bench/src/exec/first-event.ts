import type { Access } from '@nalabo/start';

/** Runs the command as a stream and gives the milliseconds to its first output; reads on to its end. */
export async function firstOutputMs(access: Access, sessionId: string, command: string): Promise<number> {
  const calledAt = performance.now();
  const answer = await fetch(`${access.url}/api/workshops/sessions/${sessionId}/execute`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${access.apiKey}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({ command }),
  });
  let text = '';
  let firstMs: number | undefined;
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (firstMs === undefined && /^event: stdout$/m.test(text)) firstMs = performance.now() - calledAt;
  }
  if (firstMs === undefined) throw new Error(`no output came, the answer is ${answer.status}: ${text}`);
  return firstMs;
}
