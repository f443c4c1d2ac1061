import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { findSuperfluous } from './find-superfluous.js';
import { keyOf } from './prepare-objects.js';

const largestAnswerBytes = 1024 * 1024;
const kinds = [resources.namespace, resources.configMap].map((resource) => ({ ...resource, isPrunable: true }));

let http: Server;
let api: KubeClient;
let calls: number;
let respond: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  calls = 0;
  http = createServer((request, response) => {
    calls += 1;
    respond(request, response);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const config = new KubeConfig();
  const server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true }, { name: 'u' });
  api = new KubeClient(config, { largestAnswerBytes });
});
afterEach(async () => {
  http.closeAllConnections();
  http.close();
  await once(http, 'close');
});

const applied = (kind: string, name: string) => ({
  metadata: { name, annotations: { 'nalabo.io/applied-kind': kind } },
});
const many = (count: number, prefix = 'n') =>
  Array.from({ length: count }, (_, index) => applied('ConfigMap', `${prefix}${index}`));
const list = (items: readonly object[], next = ''): string => JSON.stringify({ metadata: { continue: next }, items });
const configMaps = (answer: () => string | Buffer) => (request: IncomingMessage, response: ServerResponse) =>
  void response.end(request.url?.includes('configmaps') ? answer() : list([]));
const find = (kept: ReadonlySet<string> = new Set()) =>
  findSuperfluous(
    {
      api: { client: api, kinds, namespace: 'default', isShared: false },
      sessionId: 's',
      signal: AbortSignal.timeout(20_000),
    },
    kept,
  );

describe('what earlier files have made', () => {
  it('is removed as far as nobody names it any more, up to five hundred objects', async () => {
    const [first] = many(1);
    respond = configMaps(() => list(many(501)));
    const kept = new Set([keyOf({ apiVersion: 'v1', kind: 'ConfigMap', ...(first ?? expect.fail()) })]);
    const found = await find(kept);
    expect(found).toHaveLength(500);
    expect(found[0]).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', name: 'n1', namespace: null, action: 'removed' });
  });

  it('leaves out what the API has by itself, whoever has marked it, and what goes already', async () => {
    const names = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'apps'];
    const going = { ...applied('Namespace', 'going').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
    const items = [...names.map((name) => applied('Namespace', name)), { metadata: going }, applied('Other', 'copied')];
    respond = (request, response) => void response.end(request.url?.includes('namespaces') ? list(items) : list([]));
    expect((await find()).map(({ name }) => name)).toEqual(['apps']);
  });

  it('is refused when it is more', async () => {
    respond = configMaps(() => list(many(501)));
    await expect(find()).rejects.toMatchObject({
      kind: 'unprocessable',
      publicMessage: expect.stringContaining('500 objects'),
    });
  });

  it.each([
    ['ours', 'ConfigMap'],
    ['copied by controllers', 'Service'],
  ])('is not read for ever when every page has another after it, its objects %s', async (_, kind) => {
    const page = Array.from({ length: 100 }, (__, index) => applied(kind, `n${index}`));
    respond = configMaps(() => list(page, 'more'));
    await expect(find()).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(calls).toBeLessThan(20);
  });

  it.each([
    ['large', {}, (text: string) => text],
    ['large once it is unpacked', { 'content-encoding': 'gzip' }, (text: string) => gzipSync(text)],
  ])('is given up when an answer is too %s', async (_, headers, encode) => {
    respond = (_request, response) => {
      response.writeHead(200, headers).end(encode(list([{ text: 'x'.repeat(2 * largestAnswerBytes) }])));
    };
    await expect(find()).rejects.toMatchObject({ kind: 'unprocessable', message: expect.stringContaining('larger') });
  });

  it('is given up when a refusal is too large', async () => {
    respond = (_request, response) => void response.writeHead(500).end('x'.repeat(2 * largestAnswerBytes));
    await expect(find()).rejects.toMatchObject({ kind: 'unprocessable' });
  });
});
