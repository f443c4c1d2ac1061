import { setTimeout as pause } from 'node:timers/promises';
import { backoffDelay, type BackoffPolicy } from '@nalabo/kernel';
import { toAnswerError } from './errors.js';
import type { KubeClient } from './kube.client.js';
import type { KubeObject } from './kube-object.js';
import { pathOf, type KubeResource } from './kube-resource.js';

/** A watch is ended by the server after this time; the next one goes on where it was. */
const watchSeconds = 300;

export interface InformerTiming {
  /** Before a list that follows on a failure, at the least; up to half as much again is added. */
  readonly reconnect: BackoffPolicy;
  /** A watch that has lived for so long was no failure to begin with. */
  readonly steadyMs: number;
  /** The server sends a bookmark every minute: a connection that is silent for longer is dead. */
  readonly silenceMs: number;
  /** What is listed anew so often is a safety net against missed events. */
  readonly relistMs: number;
}

const defaultTiming: InformerTiming = {
  reconnect: { firstMilliseconds: 1000, factor: 2, maximumMilliseconds: 30_000 },
  steadyMs: 5000,
  silenceMs: 75_000,
  relistMs: 30 * 60_000,
};

/**
 * The objects of one kind that a selector matches, kept up to date by one watch for all who ask. It starts at the first
 * question and goes on until it is closed; while its connection is broken it knows nothing.
 */
export class Informer<T extends KubeObject> {
  /** By namespace, which is empty for objects outside of any, and name. */
  private readonly objects = new Map<string, Map<string, T>>();
  private readonly shutdown = new AbortController();
  private running: Promise<void> | undefined;
  private isCurrent = false;
  /** In a row: since a watch has lived for a while. */
  private failures = 0;
  /** The version of the cluster up to which everything is known. */
  private resourceVersion = '';

  constructor(
    private readonly client: KubeClient,
    private readonly resource: KubeResource,
    private readonly labelSelector: string,
    private readonly timing: InformerTiming = defaultTiming,
  ) {}

  /** Undefined when there is no such object, or when that is not known at the moment. */
  get({ name, namespace }: { readonly name: string; readonly namespace?: string }): T | undefined {
    return this.inside(namespace)?.get(name);
  }

  /** All in one namespace, by name. Undefined when there are none, or when that is not known at the moment. */
  inside(namespace = ''): ReadonlyMap<string, T> | undefined {
    this.running ??= this.run();
    return this.isCurrent ? this.objects.get(namespace) : undefined;
  }

  async close(): Promise<void> {
    this.shutdown.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      // Nobody has asked for this connection: those who ask meanwhile look for themselves, and see its trouble.
      await this.follow().catch(() => undefined);
      this.isCurrent = false;
      this.failures += 1;
      const delay = backoffDelay(this.failures, this.timing.reconnect) * (1 + Math.random() / 2);
      await pause(delay, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Lists, and watches as long as the server ends one watch after another in good order. */
  private async follow(): Promise<void> {
    let listedAt: number | undefined;
    do {
      const now = performance.now();
      if (listedAt === undefined || now - listedAt > this.timing.relistMs) {
        await this.list();
        listedAt = now;
      }
    } while (await this.watch());
  }

  private async list(): Promise<void> {
    const { labelSelector, resource, shutdown } = this;
    const { items, resourceVersion } = await this.client.snapshot<T>(resource, { labelSelector }, shutdown.signal);
    this.objects.clear();
    for (const item of items) this.keep(item);
    this.resourceVersion = resourceVersion;
    this.isCurrent = true;
  }

  /**
   * Goes on until the server ends the watch, and tells whether that was in good order; throws when the connection broke
   * or the server has forgotten us.
   */
  private async watch(): Promise<boolean> {
    const { labelSelector, resourceVersion, timing } = this;
    const startedAt = performance.now();
    const isSteady = () => performance.now() - startedAt >= timing.steadyMs;
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), timing.silenceMs).unref();
    const timeoutSeconds = String(watchSeconds);
    const query = { labelSelector, allowWatchBookmarks: 'true', timeoutSeconds, resourceVersion };
    try {
      const signal = AbortSignal.any([this.shutdown.signal, silence.signal]);
      for await (const event of this.client.watch(this.resource, query, signal)) {
        timer.refresh();
        this.take(event.type, event.object);
      }
      return isSteady();
    } finally {
      clearTimeout(timer);
      if (isSteady()) this.failures = 0;
    }
  }

  private take(type: string, object: KubeObject): void {
    if (type === 'ERROR') {
      const { code } = object as { readonly code?: unknown };
      const status = typeof code === 'number' ? code : 500;
      throw toAnswerError(status, JSON.stringify(object), `watch ${pathOf(this.resource)}`);
    }
    if (type === 'ADDED' || type === 'MODIFIED') this.keep(object as T);
    else if (type === 'DELETED') this.drop(object);
    this.resourceVersion = object.metadata.resourceVersion ?? this.resourceVersion;
  }

  private keep(object: T): void {
    const { apiVersion, kind } = this.resource;
    const { namespace = '', name } = object.metadata;
    const metadata = { ...object.metadata, managedFields: undefined };
    const inside = this.objects.get(namespace) ?? new Map<string, T>();
    this.objects.set(namespace, inside.set(name, { ...object, apiVersion, kind, metadata }));
  }

  private drop({ metadata: { namespace = '', name } }: KubeObject): void {
    const inside = this.objects.get(namespace);
    inside?.delete(name);
    if (inside?.size === 0) this.objects.delete(namespace);
  }
}
