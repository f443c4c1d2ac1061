import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line of a request or a message tells of itself. */
export interface RequestContext {
  readonly correlationId: string;
  readonly sessionId?: string | null;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Everything the work calls and awaits sees this context. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}
