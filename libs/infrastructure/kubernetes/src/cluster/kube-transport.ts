import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import { boundedText } from './bounded-text.js';
import { DispatcherPool } from './dispatcher-pool.js';
import { interruptionOf, toAnswerError, toClusterError } from './errors.js';

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
  private readonly pool = new DispatcherPool();

  /** @param largestAnswerBytes Of an answer that does not go on for ever; without a limit for an API that is trusted. */
  constructor(
    readonly config: KubeConfig,
    private readonly largestAnswerBytes = Number.POSITIVE_INFINITY,
  ) {}

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
      const text = await this.textOf(response);
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
        throw toAnswerError(response.httpStatusCode, await this.textOf(response), operation);
      }
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of streamOf(response) ?? []) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield JSON.parse(line);
      }
    } catch (error) {
      throw toClusterError(error, operation, interruptionOf(signal));
    }
  }

  private textOf(response: ResponseContext): Promise<string> {
    return boundedText(streamOf(response), this.largestAnswerBytes);
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
    if (dispatcher) context.setDispatcher(this.pool.take(dispatcher));
    return context;
  }
}

/** Null for an answer without a body. */
function streamOf({ body }: ResponseContext): AsyncIterable<Uint8Array> | null {
  return body.stream() as unknown as AsyncIterable<Uint8Array> | null;
}
