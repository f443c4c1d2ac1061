import type { ServerResponse } from 'node:http';
import { eventually } from '@nalabo/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeApiServer, type FakeRequest } from '../testing/fake-api-server.js';
import { Informer, type InformerTiming } from './informer.js';
import { resources } from './kube-resource.js';

const patience = { timeoutMs: 20_000, intervalMs: 10 };
const timing: InformerTiming = {
  reconnect: { firstMilliseconds: 100, factor: 2, maximumMilliseconds: 400 },
  steadyMs: 60,
  silenceMs: 5000,
  relistMs: 60_000,
};
/** No machine stalls for so long, so that a short watch stays one. */
const neverMs = 60_000;
const named = (name: string, resourceVersion: string) => ({
  metadata: { name, namespace: 'n', resourceVersion, managedFields: [{ manager: 'x' }] },
});
const page = (names: readonly string[], metadata: object) =>
  JSON.stringify({ metadata, items: names.map((name) => named(name, '1')) });
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type Answer = (response: ServerResponse, request: FakeRequest) => void;

async function informed(list: Answer, watch: Answer, overrides: Partial<InformerTiming> = {}) {
  const isWatch = ({ query }: FakeRequest) => query['watch'] === 'true';
  const server = new FakeApiServer((request, response) => (isWatch(request) ? watch : list)(response, request));
  const client = await server.listen();
  closing.push(() => server.close());
  const informer = new Informer(client, resources.configMap, 'a=b', { ...timing, ...overrides });
  closing.push(() => informer.close());
  informer.inside('n');
  return {
    informer,
    lists: () => server.requests.filter((request) => !isWatch(request)),
    watches: () => server.requests.filter(isWatch),
  };
}

const listed: Answer = (response) => void response.end(page(['one'], { resourceVersion: '5' }));
/** Stays open until the server closes. */
const open: Answer = (response) => response.flushHeaders();

describe('an informer', { timeout: 30_000 }, () => {
  it.each<[string, Answer]>([
    ['end at once', (response) => void response.end()],
    ['have been forgotten', (response) => void response.end(event('ERROR', { code: 410, metadata: {} }))],
    ['fail', (response) => void response.end(event('ERROR', { code: 500, metadata: {} }))],
    ['are refused', (response) => void response.writeHead(410).end()],
  ])('lists ever more slowly while its watches %s', async (_, watch) => {
    const { lists } = await informed(listed, watch, { steadyMs: neverMs });
    await eventually(() => expect(lists().length).toBeGreaterThanOrEqual(4), patience);
    const times = lists().map(({ at }) => at);
    const gaps = times.slice(1, 4).map((at, index) => at - (times[index] ?? 0));
    for (const [index, least] of [100, 200, 400].entries()) expect(gaps[index]).toBeGreaterThanOrEqual(least - 5);
  });

  it('lists ever more slowly while its lists fail, however long each takes to do so', async () => {
    const slowly = 2 * timing.steadyMs;
    const { lists } = await informed((response) => {
      setTimeout(() => response.writeHead(500).end(), slowly);
    }, open);
    await eventually(() => expect(lists().length).toBeGreaterThanOrEqual(3), patience);
    const [, second, third] = lists().map(({ at }) => at);
    expect(Number(third) - Number(second)).toBeGreaterThanOrEqual(slowly + 200 - 5);
  });

  it('goes on from the last event or bookmark when the server ends a watch in good order', async () => {
    const events = [event('MODIFIED', named('one', '6')), event('BOOKMARK', { metadata: { resourceVersion: '9' } })];
    const watch: Answer = (response) => {
      response.write(events.shift() ?? '');
      setTimeout(() => response.end(), 2 * timing.steadyMs);
    };
    const { informer, lists, watches } = await informed(listed, watch);
    await eventually(() => expect(watches().length).toBeGreaterThanOrEqual(4), patience);
    const from = watches().map(({ query }) => query['resourceVersion']);
    expect(from.slice(0, 4)).toEqual(['5', '6', '9', '9']);
    expect(lists()).toHaveLength(1);
    expect(informer.get({ name: 'one', namespace: 'n' })).toBeDefined();
  });

  it('lists anew now and then although its watches are well', async () => {
    const watch: Answer = (response) => {
      response.flushHeaders();
      setTimeout(() => response.end(), 2 * timing.steadyMs);
    };
    const { lists } = await informed(listed, watch, { relistMs: 3 * timing.steadyMs });
    await eventually(() => expect(lists().length).toBeGreaterThanOrEqual(2), patience);
  });

  it('begins quickly again after a watch that has lived', async () => {
    let watches = 0;
    const steadyMs = 1000;
    const reconnect = { firstMilliseconds: 50, factor: 10, maximumMilliseconds: 5000 };
    const watch: Answer = (response) => {
      watches += 1;
      if (watches < 3) response.end();
      else setTimeout(() => response.destroy(), 1.1 * steadyMs);
    };
    const { lists } = await informed(listed, watch, { steadyMs, reconnect });
    await eventually(() => expect(lists().length).toBeGreaterThanOrEqual(4), patience);
    const [, , third, fourth] = lists().map(({ at }) => at);
    // It would be longer after a third failure in a row.
    expect(Number(fourth) - Number(third)).toBeLessThan(1.1 * steadyMs + reconnect.maximumMilliseconds);
  });

  it('reads a long list in pages and watches from the version of the first, without what nobody reads', async () => {
    const pages: Answer = (response, { query }) => {
      if (query['continue'] === undefined) response.end(page(['one'], { resourceVersion: '5', continue: 'more' }));
      else response.end(page(['two'], { resourceVersion: '7' }));
    };
    const { informer, lists, watches } = await informed(pages, open);
    await eventually(() => expect(watches()).toHaveLength(1), patience);
    expect([...(informer.inside('n')?.keys() ?? [])]).toEqual(['one', 'two']);
    expect(lists()[0]?.query).toMatchObject({ limit: '500', labelSelector: 'a=b' });
    expect(watches()[0]?.query['resourceVersion']).toBe('5');
    expect(informer.get({ name: 'one', namespace: 'n' })?.metadata.managedFields).toBeUndefined();
  });
});
