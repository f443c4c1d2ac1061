import { HttpMethod, IsomorphicFetchHttpLibrary, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { interruptionOf, toAnswerError, toClusterError } from './errors.js';

const poolMs = 60_000;

export interface KubeCall {
  readonly method: HttpMethod;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one API with the credentials of its kubeconfig. All methods throw AppError only. */
export class KubeTransport {
  private readonly http = new IsomorphicFetchHttpLibrary();
  private pool: { readonly dispatcher: Dispatcher; readonly until: number } | undefined;

  constructor(readonly config: KubeConfig) {}

  get server(): string {
    return this.config.getCurrentCluster()?.server ?? '';
  }

  /** One answer, as JSON. */
  async send(call: KubeCall, deadlineMs: number): Promise<unknown> {
    const operation = `${call.method} ${call.path}`;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    try {
      signal.throwIfAborted();
      const response = await this.http.send(await this.contextOf(call, signal)).toPromise();
      const text = await response.body.text();
      if (response.httpStatusCode >= 300) throw toAnswerError(response.httpStatusCode, text, operation);
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      throw toClusterError(
        error,
        operation,
        interruptionOf(call.signal) ?? (deadline.aborted ? 'deadline' : undefined),
      );
    }
  }

  /** An answer of JSON lines that the server ends when it likes. */
  async *lines(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<unknown> {
    const operation = `GET ${path}`;
    try {
      const context = await this.contextOf({ method: HttpMethod.GET, path, query }, signal);
      const response = await this.http.send(context).toPromise();
      if (response.httpStatusCode !== 200) {
        throw toAnswerError(response.httpStatusCode, await response.body.text(), operation);
      }
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of response.body.stream() as AsyncIterable<Uint8Array>) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield JSON.parse(line);
      }
    } catch (error) {
      throw toClusterError(error, operation, interruptionOf(signal));
    }
  }

  private async contextOf(call: KubeCall, signal: AbortSignal): Promise<RequestContext> {
    const query = new URLSearchParams(call.query).toString();
    const context = new RequestContext(`${this.server}${call.path}${query ? `?${query}` : ''}`, call.method);
    context.setHeaderParam('Accept', call.accept ?? 'application/json');
    if (call.body !== undefined) {
      context.setHeaderParam('Content-Type', call.contentType ?? 'application/json');
      context.setBody(JSON.stringify(call.body));
    }
    context.setSignal(signal);
    await this.config.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    if (dispatcher) context.setDispatcher(this.pooled(dispatcher));
    return context;
  }

  /**
   * The library makes a pool of connections for every call. One is kept for a while: calls share its connections, and
   * certificates that have been renewed are used soon. What still runs on an old one runs to its end.
   */
  private pooled(fresh: Dispatcher): Dispatcher {
    const now = performance.now();
    if (!this.pool || this.pool.until < now) {
      if (this.pool && this.pool.dispatcher !== fresh) this.pool.dispatcher.close(() => undefined);
      this.pool = { dispatcher: fresh, until: now + poolMs };
    }
    return this.pool.dispatcher;
  }
}
