import { setTimeout as pause } from 'node:timers/promises';
import { AppError, backoffDelay, toAppError, type BackoffPolicy } from '@nalabo/kernel';
import type { KubeClient } from './kube.client.js';
import type { KubeList, KubeObject } from './kube-object.js';
import { pathOf, type KubeResource } from './kube-resource.js';

/** A watch is ended by the server after this time; what is listed anew then is a safety net against missed events. */
const watchSeconds = 300;
/** The server sends a bookmark every minute: a connection that is silent for longer is dead. */
const silenceMs = 90_000;
const reconnect: BackoffPolicy = { firstMilliseconds: 500, factor: 2, maximumMilliseconds: 30_000 };

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

  constructor(
    private readonly client: KubeClient,
    private readonly resource: KubeResource,
    private readonly labelSelector: string,
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
    let failures = 0;
    while (!this.shutdown.signal.aborted) {
      try {
        await this.listAndWatch();
        failures = 0;
      } catch (error) {
        // Nobody has asked for this connection: those who ask meanwhile look for themselves, and see its trouble.
        failures = toAppError(error).kind === 'conflict' ? 0 : failures + 1;
      } finally {
        this.isCurrent = false;
      }
      const delay = failures === 0 ? 0 : backoffDelay(failures, reconnect) * (0.5 + Math.random() / 2);
      await pause(delay, undefined, { signal: this.shutdown.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Returns when the server has ended the watch; throws when the connection broke or the server has forgotten us. */
  private async listAndWatch(): Promise<void> {
    const { labelSelector } = this;
    const path = pathOf(this.resource);
    const list = (await this.client.read(path, this.shutdown.signal, { query: { labelSelector } })) as KubeList<T>;
    this.objects.clear();
    for (const item of list.items ?? []) this.keep(item);
    this.isCurrent = true;
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), silenceMs).unref();
    const query = {
      labelSelector,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(watchSeconds),
      resourceVersion: list.metadata.resourceVersion ?? '',
    };
    try {
      const signal = AbortSignal.any([this.shutdown.signal, silence.signal]);
      for await (const event of this.client.watch(this.resource, query, signal)) {
        timer.refresh();
        this.take(event.type, event.object as T);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private take(type: string, object: T): void {
    if (type === 'ADDED' || type === 'MODIFIED') this.keep(object);
    else if (type === 'DELETED') this.drop(object);
    else if (type === 'ERROR') throw new AppError('conflict', `the watch of ${this.resource.plural} is too old`);
  }

  private keep(object: T): void {
    const { apiVersion, kind } = this.resource;
    const { namespace = '', name } = object.metadata;
    const inside = this.objects.get(namespace) ?? new Map<string, T>();
    this.objects.set(namespace, inside.set(name, { ...object, apiVersion, kind }));
  }

  private drop({ metadata: { namespace = '', name } }: T): void {
    const inside = this.objects.get(namespace);
    inside?.delete(name);
    if (inside?.size === 0) this.objects.delete(namespace);
  }
}
