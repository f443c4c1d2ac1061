import { HttpMethod, type KubeConfig } from '@kubernetes/client-node';
import { AppError, retry } from '@nalabo/kernel';
import { isQuotaContended } from './errors.js';
import type { KubeList, KubeObject, KubeSnapshot } from './kube-object.js';
import { pathOf, resourceOf, resources, type KubeResource } from './kube-resource.js';
import { KubeTransport, type KubeCall } from './kube-transport.js';

const readDeadlineMs = 10_000;
const changeDeadlineMs = 15_000;
const pageSize = 500;
/** The API itself gives up counting against a quota when many do so at once. */
const quotaRetry = { attempts: 5, firstMilliseconds: 20, factor: 2, maximumMilliseconds: 200 };
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
  /** No further page is asked for once there are so many. */
  readonly enough?: number;
}

export interface KubeClientOptions {
  /** For a service that only observes: calls that could change something fail before they are sent. */
  readonly readOnly?: boolean | undefined;
  /** For an API that is not trusted: an answer that is larger is `unprocessable`. */
  readonly largestAnswerBytes?: number;
}

/**
 * Calls to the API of one cluster, each with a deadline. Objects travel as they are: the library's typed calls drop
 * fields that they do not know. All methods throw AppError only.
 */
export class KubeClient {
  private readonly transport: KubeTransport;

  constructor(
    config: KubeConfig,
    private readonly options: KubeClientOptions = {},
  ) {
    this.transport = new KubeTransport(config, options.largestAnswerBytes);
  }

  get config(): KubeConfig {
    return this.transport.config;
  }

  get server(): string {
    return this.transport.server;
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

  /** All pages, or an error: never a part unless it is enough. */
  async list<T extends KubeObject>(
    resource: KubeResource,
    query: KubeQuery,
    signal?: AbortSignal,
  ): Promise<readonly T[]> {
    return (await this.pages<T>(resource, query, undefined, signal)).items;
  }

  /** All pages, with the version from which a watch hears what comes after them. */
  snapshot<T extends KubeObject>(
    resource: KubeResource,
    query: KubeQuery,
    signal: AbortSignal,
  ): Promise<KubeSnapshot<T>> {
    return this.pages<T>(resource, query, undefined, signal);
  }

  /** Names and labels only: what objects hold, secrets for one, is not sent. */
  async listMetadata(resource: KubeResource, query: KubeQuery, signal?: AbortSignal): Promise<readonly KubeObject[]> {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { items } = await this.pages<KubeObject>(resource, query, accept, signal);
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

  /** A token of a service account, which the cluster takes for that many seconds, and 600 at least. A secret. */
  async requestToken(account: KubeAddress, seconds: number): Promise<string> {
    const path = `${pathOf(resources.serviceAccount, account)}/token`;
    const spec = { expirationSeconds: seconds };
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const answer = await this.change({ method: HttpMethod.POST, path, body });
    return (answer as { readonly status: { readonly token: string } }).status.token;
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
  read(path: string, signal?: AbortSignal, options: Pick<KubeCall, 'accept' | 'query'> = {}): Promise<unknown> {
    return this.transport.send({ method: HttpMethod.GET, path, ...options, signal }, readDeadlineMs);
  }

  /**
   * What happens to the objects of one kind, until the server ends the watch.
   * @throws AppError when it cannot be opened or breaks.
   */
  watch(
    resource: KubeResource,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly type: string; readonly object: KubeObject }> {
    const events = this.transport.lines(pathOf(resource), { ...query, watch: 'true' }, signal);
    return events as AsyncGenerator<{ readonly type: string; readonly object: KubeObject }>;
  }

  private async pages<T>(
    resource: KubeResource,
    query: KubeQuery,
    accept: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<KubeSnapshot<T>> {
    const items: T[] = [];
    let resourceVersion: string | undefined;
    const path = pathOf(resource, query.namespace === undefined ? {} : { namespace: query.namespace });
    const { enough = Number.POSITIVE_INFINITY } = query;
    let next: string | undefined;
    do {
      const page = (await this.read(path, signal, {
        query: { ...pageQuery(query), ...(next === undefined ? {} : { continue: next }) },
        ...(accept === undefined ? {} : { accept }),
      })) as KubeList<T>;
      resourceVersion ??= page.metadata.resourceVersion;
      items.push(...itemsOf(page, resource));
      next = page.metadata.continue || undefined;
    } while (next !== undefined && items.length < enough);
    return { items, resourceVersion: resourceVersion ?? '' };
  }

  /** A change that was sent is waited for: nobody could tell otherwise whether it was made. */
  private async change(call: Omit<KubeCall, 'signal'>): Promise<unknown> {
    const isQuestion = call.path === pathOf(resources.accessReview);
    if (this.options.readOnly && !isQuestion) {
      throw new AppError('forbidden', `${call.method} ${call.path}: this service only observes`);
    }
    const send = () => this.transport.send(call, changeDeadlineMs);
    return retry(send, { ...quotaRetry, isWorthRetrying: isQuotaContended });
  }
}

function namespaceOf({ metadata }: KubeObject): KubeAddress {
  return metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
}

/** In a list the items do not say what they are. */
function itemsOf<T>({ items }: KubeList<T>, { apiVersion, kind }: KubeResource): readonly T[] {
  return (items ?? []).map((item) => ({ apiVersion, kind, ...item }));
}

function pageQuery({ labelSelector, fieldSelector }: KubeQuery): Readonly<Record<string, string>> {
  return {
    limit: String(pageSize),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
