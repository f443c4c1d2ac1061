import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { ManualClock, newSessionId } from '@nalabo/kernel';
import { sessionObjectName, type SessionRef } from '@nalabo/infrastructure-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { KubernetesUsage } from './kubernetes-usage.js';

const signal = new AbortController().signal;
const ref: SessionRef = { sessionId: newSessionId(), generation: 1 };
const other: SessionRef = { sessionId: newSessionId(), generation: 1 };

let server: Server;
let asked: string[];
let answer: { status: number; body: unknown };
let clock: ManualClock;
let usage: KubernetesUsage;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'test' },
  );
  clock = new ManualClock();
  usage = new KubernetesUsage(new KubeClient(config), clock);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function workbenchUses(cpu: string): void {
  const metadata = {
    name: 'workbench',
    namespace: sessionObjectName(ref.sessionId),
    labels: { 'nalabo.io/part': 'workbench' },
  };
  const containers = [{ usage: { cpu, memory: '20Mi' } }];
  answer = { status: 200, body: { metadata: {}, items: [{ metadata, window: '10s', containers }] } };
}

describe('the usage of sessions on a cluster', () => {
  it('asks once for all, and leaves out what has no figures', async () => {
    workbenchUses('100m');
    expect(await usage.usage([other, ref], signal)).toEqual([
      {
        sessionId: ref.sessionId,
        cpuSecondsTotal: 1,
        memoryBytes: 20 * 2 ** 20,
        networkReceivedBytes: null,
        networkSentBytes: null,
        processes: null,
      },
    ]);
    expect(asked).toEqual(['GET /apis/metrics.k8s.io/v1beta1/pods?limit=500']);
  });

  it('asks nothing for nobody', async () => {
    expect(await usage.usage([], signal)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('counts CPU on from look to look, also over a time without metrics', async () => {
    const seconds = async () => (await usage.usage([ref], signal))[0]?.cpuSecondsTotal;
    workbenchUses('100m');
    expect(await seconds()).toBe(1);
    clock.advance(10_000);
    workbenchUses('2');
    expect(await seconds()).toBe(21);
    answer = { status: 503, body: { message: 'the server is currently unable to handle the request' } };
    clock.advance(10_000);
    expect(await seconds()).toBeUndefined();
    workbenchUses('0');
    expect(await seconds()).toBe(21);
  });

  it('forgets a session that was not seen for long', async () => {
    workbenchUses('100m');
    await usage.usage([ref], signal);
    clock.advance(2 * 3_600_000);
    expect((await usage.usage([ref], signal))[0]?.cpuSecondsTotal).toBe(1);
  });

  it.each([404, 503])('has no samples where the metrics API answers %i', async (status) => {
    answer = { status, body: { kind: 'Status', message: 'no metrics' } };
    expect(await usage.usage([ref], signal)).toEqual([]);
  });

  it.each([
    [403, 'unavailable'],
    [500, 'unavailable'],
  ])('fails where the cluster answers %i', async (status, kind) => {
    answer = { status, body: { kind: 'Status', message: 'refused' } };
    await expect(usage.usage([ref], signal)).rejects.toMatchObject({ kind });
  });

  it('fails as unavailable where the cluster is away', async () => {
    server.close();
    server.closeAllConnections();
    await expect(usage.usage([ref], signal)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
