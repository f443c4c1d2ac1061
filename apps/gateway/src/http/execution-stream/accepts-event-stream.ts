const eventStreamType = 'text/event-stream';

/**
 * Whether a client asks for a stream of events by name. A wildcard does not: most clients send one. Named beside JSON, it
 * is preferred unless JSON has the higher quality.
 */
export function acceptsEventStream(accept: string | undefined): boolean {
  const qualities = new Map((accept ?? '').split(',').map(readRange));
  const quality = qualities.get(eventStreamType) ?? 0;
  return quality > 0 && quality >= (qualities.get('application/json') ?? 0);
}

function readRange(range: string): [type: string, quality: number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.map((parameter) => /^q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1]).find(Boolean);
  return [type, quality === undefined ? 1 : Number(quality)];
}
