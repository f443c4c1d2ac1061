import { json } from 'node:stream/consumers';
import { ManualClock } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, expect, it } from 'vitest';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { FakeApiServer } from '../testing/fake-api-server.js';
import { createSessionAuthority } from './session-authority.js';
import { VirtualClusterSecrets } from './virtual-cluster-secrets.js';

const clock = new ManualClock(new Date('2026-06-01T12:00:00Z'));
const session = { namespace: 'n', labels: {}, endsByEpochSeconds: Date.UTC(2026, 5, 1, 16) / 1000 };
const signal = new AbortController().signal;
const names = ['session-kubeconfig', 'vcluster-certs'];

let server: FakeApiServer;
afterEach(() => server.close());

/** An API that knows Secrets, and tells nobody what he has seen before so many have looked. */
async function secretsApi(looks: number): Promise<{ client: KubeClient; kept: Map<string, KubeObject> }> {
  const kept = new Map<string, KubeObject>();
  const all = Promise.withResolvers<void>();
  server = new FakeApiServer(({ method, path }, response, body) => {
    const answer = (status: number, content: unknown): void => {
      response.writeHead(status).end(JSON.stringify(content));
    };
    const look = async (): Promise<void> => {
      const found = kept.get(path.split('/').at(-1) ?? '');
      if (server.requests.length === looks) all.resolve();
      await all.promise;
      answer(found ? 200 : 404, found ?? { kind: 'Status', reason: 'NotFound' });
    };
    const change = async (): Promise<void> => {
      const secret = (await json(body)) as KubeObject;
      const { name } = secret.metadata;
      if (method === 'POST' && kept.has(name)) {
        answer(409, { kind: 'Status', reason: 'AlreadyExists', message: `secrets "${name}" already exists` });
        return;
      }
      kept.set(name, secret);
      answer(201, secret);
    };
    void (method === 'GET' ? look() : change());
  });
  return { client: await server.listen(), kept };
}

const textOf = (secret: KubeObject | undefined, key: string): string =>
  Buffer.from((secret?.['data'] as Record<string, string>)[key] ?? '', 'base64').toString('utf8');

/** The authority that the learner trusts. */
function trustedIn(kept: ReadonlyMap<string, KubeObject>): string {
  const config = new KubeConfig();
  config.loadFromString(textOf(kept.get('session-kubeconfig'), 'config'));
  return Buffer.from(config.getCurrentCluster()?.caData ?? '', 'base64').toString('utf8');
}

const authorityIn = (kept: ReadonlyMap<string, KubeObject>): string => textOf(kept.get('vcluster-certs'), 'ca.crt');

it('are of one authority when they are made twice at the same moment', async () => {
  const { client, kept } = await secretsApi(4);
  const secrets = [new VirtualClusterSecrets(client, clock), new VirtualClusterSecrets(client, clock)];
  await Promise.all(secrets.map((each) => each.ensure(session, signal)));
  expect([...kept.keys()].toSorted()).toEqual(names);
  expect(authorityIn(kept)).toContain('BEGIN CERTIFICATE');
  expect(trustedIn(kept)).toBe(authorityIn(kept));
});

it('are of the authority that somebody else has made meanwhile', async () => {
  const { client, kept } = await secretsApi(3);
  const made = new VirtualClusterSecrets(client, clock).ensure(session, signal);
  await eventually(() => expect(server.requests).toHaveLength(2));
  const theirs = await createSessionAuthority(session, clock);
  kept.set(theirs.metadata.name, theirs);
  await client.find(resources.secret, theirs.metadata);
  await made;
  expect(kept.get(theirs.metadata.name)).toBe(theirs);
  expect(trustedIn(kept)).toBe(authorityIn(kept));
});

it('are left as they are', async () => {
  const { client, kept } = await secretsApi(1);
  const secrets = new VirtualClusterSecrets(client, clock);
  await secrets.ensure(session, signal);
  const before = new Map(kept);
  await secrets.ensure(session, signal);
  expect(kept).toEqual(before);
});

it.each(names)('are of one authority when %s was lost', async (name) => {
  const { client, kept } = await secretsApi(1);
  const secrets = new VirtualClusterSecrets(client, clock);
  await secrets.ensure(session, signal);
  kept.delete(name);
  await secrets.ensure(session, signal);
  expect(trustedIn(kept)).toBe(authorityIn(kept));
});
