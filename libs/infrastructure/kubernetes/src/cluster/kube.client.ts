import { HttpMethod, IsomorphicFetchHttpLibrary, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { AppError } from '@nalabo/kernel';
import { toAnswerError, toClusterError } from './errors.js';
import type { KubeList, KubeObject } from './kube-object.js';
import { pathOf, resourceOf, resources, type KubeResource } from './kube-resource.js';

const readDeadlineMs = 10_000;
const changeDeadlineMs = 15_000;
const pageSize = 500;
/** Owns the fields that we apply. */
export const fieldManager = 'nalabo';

export interface KubeAddress {
  readonly namespace?: string;
  readonly name?: string;
}

export interface ApplyOptions {
  /** Where the object lives, for a kind that is not among the resources of a session. */
  readonly resource?: KubeResource;
  readonly fieldManager?: string;
  /** Everything but the storing: what the object would become is answered, or why it is refused. */
  readonly dryRun?: boolean;
}

export interface KubeQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

interface Call {
  readonly method: HttpMethod;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface KubeClientOptions {
  /** For a service that only observes: calls that could change something fail before they are sent. */
  readonly readOnly?: boolean | undefined;
}

/**
 * Calls to the API of one cluster, each with a deadline. Objects travel as they are: the library's typed calls drop
 * fields that they do not know. All methods throw AppError only.
 */
export class KubeClient {
  private readonly http = new IsomorphicFetchHttpLibrary();

  constructor(
    readonly config: KubeConfig,
    private readonly options: KubeClientOptions = {},
  ) {}

  get server(): string {
    return this.config.getCurrentCluster()?.server ?? '';
  }

  /** @throws AppError `not_found` */
  get<T extends KubeObject>(resource: KubeResource, at: KubeAddress, signal?: AbortSignal): Promise<T> {
    return this.read(pathOf(resource, at), signal) as Promise<T>;
  }

  async find<T extends KubeObject>(
    resource: KubeResource,
    at: KubeAddress,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    try {
      return await this.get<T>(resource, at, signal);
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return undefined;
      throw error;
    }
  }

  /** All pages, or an error: never a part. */
  list<T extends KubeObject>(resource: KubeResource, query: KubeQuery, signal?: AbortSignal): Promise<readonly T[]> {
    return this.pages<T>(resource, query, undefined, signal);
  }

  /** Names and labels only: what objects hold, secrets for one, is not sent. */
  async listMetadata(resource: KubeResource, query: KubeQuery, signal?: AbortSignal): Promise<readonly KubeObject[]> {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const items = await this.pages<KubeObject>(resource, query, accept, signal);
    return items.map((item) => ({ ...item, apiVersion: resource.apiVersion, kind: resource.kind }));
  }

  /** @throws AppError `conflict` when the name is taken. */
  create<T extends KubeObject>(object: KubeObject): Promise<T> {
    const path = pathOf(resourceOf(object), { ...namespaceOf(object) });
    return this.change({ method: HttpMethod.POST, path, body: object, query: { fieldManager } }) as Promise<T>;
  }

  /** Server-side apply: creates the object, or changes of it what differs and nothing that others own. */
  apply<T extends KubeObject>(object: KubeObject, options: ApplyOptions = {}): Promise<T> {
    const { resource = resourceOf(object), fieldManager: manager = fieldManager, dryRun } = options;
    return this.change({
      method: HttpMethod.PATCH,
      path: pathOf(resource, { ...namespaceOf(object), name: object.metadata.name }),
      query: { fieldManager: manager, force: 'true', ...(dryRun ? { dryRun: 'All' } : {}) },
      body: object,
      contentType: 'application/apply-patch+yaml',
    }) as Promise<T>;
  }

  /** The whole object as it is given; its resource version, when it has one, must still be the stored one. */
  replace<T extends KubeObject>(object: KubeObject, options: ApplyOptions = {}): Promise<T> {
    const { resource = resourceOf(object), fieldManager: manager = fieldManager, dryRun } = options;
    return this.change({
      method: HttpMethod.PUT,
      path: pathOf(resource, { ...namespaceOf(object), name: object.metadata.name }),
      query: { fieldManager: manager, fieldValidation: 'Strict', ...(dryRun ? { dryRun: 'All' } : {}) },
      body: object,
    }) as Promise<T>;
  }

  /** JSON merge patch. */
  patch<T extends KubeObject>(resource: KubeResource, at: KubeAddress, body: unknown): Promise<T> {
    const contentType = 'application/merge-patch+json';
    return this.change({ method: HttpMethod.PATCH, path: pathOf(resource, at), body, contentType }) as Promise<T>;
  }

  /** Asks for the removal; false when there is nothing to remove. With a uid only that very object is removed. */
  async delete(
    resource: KubeResource,
    at: KubeAddress,
    options: { readonly uid?: string | undefined; readonly gracePeriodSeconds?: number } = {},
  ): Promise<boolean> {
    const { uid, gracePeriodSeconds } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    };
    try {
      await this.change({ method: HttpMethod.DELETE, path: pathOf(resource, at), body });
      return true;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return false;
      throw error;
    }
  }

  /** Asks for the removal of everything of one kind in a namespace. */
  async deleteAll(
    resource: KubeResource,
    namespace: string,
    options: { readonly gracePeriodSeconds: number },
  ): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    await this.change({ method: HttpMethod.DELETE, path: pathOf(resource, { namespace }), body });
  }

  /** Any path of the API: discovery, version, health. */
  read(path: string, signal?: AbortSignal, options: Pick<Call, 'accept' | 'query'> = {}): Promise<unknown> {
    return this.send({ method: HttpMethod.GET, path, ...options, deadlineMs: readDeadlineMs, signal });
  }

  /**
   * The lines of a watch until the server ends it.
   * @throws AppError when it cannot be opened or breaks.
   */
  async *watch(resource: KubeResource, query: Readonly<Record<string, string>>, signal: AbortSignal) {
    const operation = `watch ${resource.plural}`;
    const call: Call = { method: HttpMethod.GET, path: pathOf(resource), query, deadlineMs: 0, signal };
    try {
      const response = await this.http.send(await this.contextOf(call, signal)).toPromise();
      if (response.httpStatusCode !== 200) {
        throw toAnswerError(response.httpStatusCode, await response.body.text(), operation);
      }
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of response.body.stream() as AsyncIterable<Uint8Array>) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield JSON.parse(line) as { type: string; object: KubeObject };
      }
    } catch (error) {
      throw toClusterError(error, operation, signal.aborted ? 'caller' : undefined);
    }
  }

  private async pages<T>(
    resource: KubeResource,
    query: KubeQuery,
    accept: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<readonly T[]> {
    const items: T[] = [];
    const path = pathOf(resource, query.namespace === undefined ? {} : { namespace: query.namespace });
    const { labelSelector, fieldSelector } = query;
    let next: string | undefined;
    do {
      const page = (await this.send({
        method: HttpMethod.GET,
        path,
        query: {
          limit: String(pageSize),
          ...(labelSelector === undefined ? {} : { labelSelector }),
          ...(fieldSelector === undefined ? {} : { fieldSelector }),
          ...(next === undefined ? {} : { continue: next }),
        },
        ...(accept === undefined ? {} : { accept }),
        deadlineMs: readDeadlineMs,
        signal,
      })) as KubeList<T>;
      items.push(
        ...(page.items ?? []).map((item) => ({ apiVersion: resource.apiVersion, kind: resource.kind, ...item })),
      );
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
    return items;
  }

  /** A change that was sent is waited for: nobody could tell otherwise whether it was made. */
  private async change(call: Omit<Call, 'deadlineMs' | 'signal'>): Promise<unknown> {
    const isQuestion = call.path === pathOf(resources.accessReview);
    if (this.options.readOnly && !isQuestion) {
      throw new AppError('forbidden', `${call.method} ${call.path}: this service only observes`);
    }
    return this.send({ ...call, deadlineMs: changeDeadlineMs });
  }

  private async send(call: Call): Promise<unknown> {
    const operation = `${call.method} ${call.path}`;
    const deadline = AbortSignal.timeout(call.deadlineMs);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    try {
      signal.throwIfAborted();
      const response = await this.http.send(await this.contextOf(call, signal)).toPromise();
      const text = await response.body.text();
      if (response.httpStatusCode >= 300) throw toAnswerError(response.httpStatusCode, text, operation);
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      throw toClusterError(error, operation, interruptionOf(call.signal, deadline));
    }
  }

  private async contextOf(call: Call, signal: AbortSignal): Promise<RequestContext> {
    const query = new URLSearchParams(call.query).toString();
    const context = new RequestContext(`${this.server}${call.path}${query ? `?${query}` : ''}`, call.method);
    context.setHeaderParam('Accept', call.accept ?? 'application/json');
    if (call.body !== undefined) {
      context.setHeaderParam('Content-Type', call.contentType ?? 'application/json');
      context.setBody(JSON.stringify(call.body));
    }
    context.setSignal(signal);
    await this.config.applySecurityAuthentication(context);
    return context;
  }
}

function namespaceOf({ metadata }: KubeObject): KubeAddress {
  return metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
}

/** A caller that gave a time limit of its own sees a passed deadline, one that gave up a cancelled call. */
function interruptionOf(caller: AbortSignal | undefined, deadline: AbortSignal): 'deadline' | 'caller' | undefined {
  if (caller?.aborted) return isTimeLimit(caller) ? 'deadline' : 'caller';
  return deadline.aborted ? 'deadline' : undefined;
}

function isTimeLimit(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
}
