import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const channel = 'undici:request:create';
const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The requests that change something, as the HTTP client of this process sends them while `work` goes on. */
export async function countWrites(work: () => Promise<unknown>): Promise<readonly string[]> {
  const requests = await countRequests(work);
  return requests.filter((request) => writes.has(request.split(' ')[0] ?? ''));
}

/** All requests, each as its method and path. */
export async function countRequests(work: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: { readonly method: string; readonly path: string } };
    seen.push(`${request.method} ${request.path.split('?')[0]}`);
  };
  subscribe(channel, note);
  try {
    await work();
  } finally {
    unsubscribe(channel, note);
  }
  return seen;
}
