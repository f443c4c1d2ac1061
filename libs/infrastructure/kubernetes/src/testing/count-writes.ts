import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const [sent, answered] = ['undici:request:create', 'undici:request:headers'];
const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** How a cluster refuses for the moment, for example until it has counted a new quota. */
const notYet = new Set([403, 409]);

interface SentRequest {
  readonly method: string;
  readonly path: string;
}

/**
 * The requests that change something, as the HTTP client of this process sends them while `work` goes on. Those that the
 * cluster did not take yet change nothing: how often they are sent again is up to how fast it is.
 */
export async function countWrites(work: () => Promise<unknown>): Promise<readonly string[]> {
  const refused = new Set<SentRequest>();
  const note = (message: unknown): void => {
    const { request, response } = message as { request: SentRequest; response: { readonly statusCode: number } };
    if (notYet.has(response.statusCode)) refused.add(request);
  };
  const requests = await heard(answered, note, () => requestsOf(work));
  return requests.filter((request) => writes.has(request.method) && !refused.has(request)).map(lineOf);
}

/** All requests, each as its method and path. */
export async function countRequests(work: () => Promise<unknown>): Promise<readonly string[]> {
  return (await requestsOf(work)).map(lineOf);
}

async function requestsOf(work: () => Promise<unknown>): Promise<readonly SentRequest[]> {
  const requests: SentRequest[] = [];
  await heard(sent, (message) => requests.push((message as { readonly request: SentRequest }).request), work);
  return requests;
}

async function heard<T>(channel: string, listener: (message: unknown) => void, work: () => Promise<T>): Promise<T> {
  subscribe(channel, listener);
  try {
    return await work();
  } finally {
    unsubscribe(channel, listener);
  }
}

const lineOf = ({ method, path }: SentRequest): string => `${method} ${path.split('?')[0]}`;
