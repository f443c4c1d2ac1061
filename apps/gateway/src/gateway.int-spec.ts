import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { newExecutionId, newId, newSessionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { newApiKey } from './auth/api-key.js';
import { GatewayRig } from './gateway-rig.cases.js';
import { platform } from './platform.cases.js';

let rig: GatewayRig;
let key: string;

beforeAll(async () => {
  rig = await GatewayRig.start();
  key = (await rig.aKey()).key;
});
afterAll(() => rig.stop());
beforeEach(() => {
  platform.asked.length = 0;
});

async function expectProblem(response: Response, status: number, kind: string): Promise<Record<string, unknown>> {
  const problem = (await response.json()) as Record<string, unknown>;
  expect({ status: response.status, ...problem }).toMatchObject({ status, kind });
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(problem['correlationId']).toBe(response.headers.get('x-correlation-id'));
  return problem;
}

const someSession = `/api/workshops/sessions/${newSessionId()}`;
const protectedRoutes: [string, string][] = [
  ['POST', '/api/workshops/sessions'],
  ['GET', '/api/workshops/sessions'],
  ['GET', someSession],
  ['DELETE', someSession],
  ['POST', `${someSession}/extend`],
  ['POST', `${someSession}/execute`],
  ['GET', `${someSession}/executions`],
  ['GET', `${someSession}/executions/${newExecutionId()}`],
  ['POST', `${someSession}/apply`],
  ['GET', `${someSession}/applies`],
  ['POST', `${someSession}/applies/${newId()}/rollback`],
  ['GET', `${someSession}/kubeconfig`],
  ['GET', `${someSession}/metrics`],
  ['GET', `${someSession}/health`],
  ['GET', `${someSession}/logs`],
  ['GET', `${someSession}/receipt`],
  ['GET', '/api/workshops'],
  ['GET', '/api/workshops/linux-basics'],
  ['PUT', '/api/workshops/linux-basics'],
  ['DELETE', '/api/workshops/linux-basics'],
  ['GET', '/api/targets'],
  ['POST', '/api/keys'],
  ['GET', '/api/keys'],
  ['DELETE', '/api/keys/0123456789abcdef'],
];

describe('authentication', () => {
  it.each(protectedRoutes)('%s %s without a credential is 401 and reaches no service', async (method, path) => {
    const response = await rig.ask(path, { method });
    await expectProblem(response, 401, 'unauthenticated');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(platform.asked).toEqual([]);
  });

  it('refuses a key with one changed character, another scheme, and an oversized key with a short log', async () => {
    const changed = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    await expectProblem(await rig.ask('/api/workshops', { key: changed }), 401, 'unauthenticated');
    const basic = await rig.ask('/api/workshops', { headers: { authorization: `Basic ${key}` } });
    await expectProblem(basic, 401, 'unauthenticated');
    await expectProblem(await rig.ask('/api/workshops', { key: 'x'.repeat(10_000) }), 401, 'unauthenticated');
    expect(Math.max(...rig.logged.map((line) => line.length))).toBeLessThan(4096);
    expect(rig.logged.join('')).not.toContain(key);
  });

  it('never reads a key from the query string', async () => {
    for (const name of ['key', 'api_key', 'access_token', 'authorization']) {
      await expectProblem(await rig.ask(`/api/workshops?${name}=${key}`), 401, 'unauthenticated');
    }
    expect(rig.logged.join('')).not.toContain(key);
  });

  it('accepts a revoked key nowhere: at once here, within five seconds on another replica', async () => {
    const replica = await rig.startReplica();
    onTestFinished(() => replica.stop());
    const doomed = await rig.aKey();
    const onReplica = () =>
      fetch(`${replica.url}/api/workshops`, { headers: { authorization: `Bearer ${doomed.key}` } });
    expect((await onReplica()).status).toBe(200);
    const revoked = await rig.ask(`/api/keys/${doomed.id}`, { method: 'DELETE', key: rig.bootstrapKey });
    expect(revoked.status).toBe(204);
    await expectProblem(await rig.ask('/api/workshops', { key: doomed.key }), 401, 'unauthenticated');
    await eventually(async () => expect((await onReplica()).status).toBe(401), { timeoutMs: 5_000 });
  });

  it('gives a fresh installation its first administrator, until that key is revoked', async () => {
    const first = newApiKey();
    const replica = await rig.startReplica({ NALABO_BOOTSTRAP_KEY: first.text });
    onTestFinished(() => replica.stop());
    const headers = { authorization: `Bearer ${first.text}` };
    const uses = await Promise.all(Array.from({ length: 20 }, () => fetch(`${replica.url}/api/keys`, { headers })));
    expect(new Set(uses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await rig.keyView(first.keyId)).toMatchObject({ ownerId: 'admin', role: 'admin', revokedAt: null });
    const path = `${replica.url}/api/keys/${first.keyId}`;
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(204);
    expect((await fetch(`${replica.url}/api/keys`, { headers })).status).toBe(401);
  });

  it('stores a key only as a hash and notes its use', async () => {
    const created = await rig.aKey('instructor');
    expect((await rig.keyView(created.id))?.lastUsedAt).toBeNull();
    await rig.ask('/api/workshops', { key: created.key });
    expect((await rig.keyView(created.id))?.lastUsedAt).not.toBeNull();
    const { rows } = await rig.database.query('SELECT t::text AS row FROM api_keys t');
    expect(JSON.stringify(rows)).not.toContain(created.key.slice(-20));
  });

  it('lets only administrators handle keys', async () => {
    const json = { ownerId: 'mallory', role: 'admin' };
    await expectProblem(await rig.ask('/api/keys', { method: 'POST', key, json }), 403, 'forbidden');
    await expectProblem(await rig.ask('/api/keys', { key }), 403, 'forbidden');
    const revoke = await rig.ask('/api/keys/0123456789abcdef', { method: 'DELETE', key });
    await expectProblem(revoke, 403, 'forbidden');
    const unknown = await rig.ask('/api/keys/0123456789abcdef', { method: 'DELETE', key: rig.bootstrapKey });
    await expectProblem(unknown, 404, 'not_found');
  });

  it('lists keys by pages, without their secrets', async () => {
    await rig.aKey();
    const first = await rig.ask('/api/keys?limit=1', { key: rig.bootstrapKey });
    const page = (await first.json()) as { items: { id: string }[]; nextCursor: string };
    expect(page.items).toHaveLength(1);
    const second = await rig.ask(`/api/keys?limit=1&cursor=${page.nextCursor}`, { key: rig.bootstrapKey });
    const next = (await second.json()) as { items: { id: string }[] };
    expect(next.items[0]?.id).not.toBe(page.items[0]?.id);
    expect(JSON.stringify([page, next])).not.toMatch(/nlb_|hash/);
  });
});

describe('sessions', () => {
  const path = '/api/workshops/sessions';
  const create = (json: unknown, headers: Record<string, string> = {}, as = key) =>
    rig.ask(path, { method: 'POST', key: as, json, headers });

  it('are created with their location, and the actor and correlation id reach the owner', async () => {
    const response = await create({ workshopId: 'linux-basics' }, { 'x-correlation-id': 'order-42' });
    const session = (await response.json()) as { id: string };
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`${path}/${session.id}`);
    expect(response.headers.get('x-correlation-id')).toBe('order-42');
    expect(platform.asked).toMatchObject([
      { correlationId: 'order-42', actor: { role: 'learner' }, payload: { session: { workshopId: 'linux-basics' } } },
    ]);
  });

  it('are the same when the idempotency key is sent again', async () => {
    const headers = { 'idempotency-key': 'order-42' };
    const first = await create({ workshopId: 'linux-basics', duration: 60 }, headers);
    const second = await create({ duration: 60, workshopId: 'linux-basics' }, headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    const [one, two] = platform.asked.map(({ payload }) => (payload as { idempotency: unknown }).idempotency);
    expect(one).toMatchObject({ key: 'order-42', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(two).toEqual(one);
    await expectProblem(await create({ workshopId: 'a' }, { 'idempotency-key': 'a b' }), 400, 'invalid_input');
  });

  it('are waited for until they are ready', async () => {
    const answer = create({ workshopId: 'linux-basics' }, { prefer: 'wait=30' });
    const id = await eventually(() => {
      const created = [...platform.sessions.values()].findLast(({ state }) => state === 'REQUESTED');
      expect(platform.asked.at(-1)?.sessionId).toBe(created?.id);
      return created!.id;
    });
    const started = performance.now();
    await rig.settle(id, 'READY');
    const response = await answer;
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(response.status).toBe(201);
    expect(response.headers.get('preference-applied')).toBe('wait=30');
    expect(await response.json()).toMatchObject({ id, state: 'READY' });
  });

  it('are answered in the state they have when the wait is over', async () => {
    const response = await create({ workshopId: 'linux-basics' }, { prefer: 'wait=1' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ state: 'REQUESTED' });
  });

  it.each([
    { ownerId: 'bob' },
    { state: 'READY' },
    { expiresAt: '2030-01-01T00:00:00Z' },
    { privileged: true },
    { duration: 0 },
    { duration: -1 },
    { duration: 1e12 },
    { duration: '4h' },
    { duration: null },
    { workshopId: '../admin' },
    { infrastructureType: 'memory' },
    { resources: { cpu: '-1' } },
    { env: { 'A=B': '1' } },
  ])('are refused with a bad field and nothing is sent: %j', async (fault) => {
    const problem = await expectProblem(await create({ workshopId: 'linux-basics', ...fault }), 400, 'invalid_input');
    expect(problem['violations']).toHaveLength(1);
    expect(platform.asked).toEqual([]);
  });

  it.each([
    '{"workshopId":"a","__proto__":{"x":1}}',
    '{"workshopId":"a","duration":NaN}',
    '[]',
    'null',
    '"a"',
    '{',
    '',
  ])('are refused with the body %s', async (body) => {
    const headers = { 'content-type': 'application/json' };
    await expectProblem(await rig.ask(path, { method: 'POST', key, body, headers }), 400, 'invalid_input');
    expect(platform.asked).toEqual([]);
  });

  it('are read, listed, extended and ended by their owner', async () => {
    const own = await rig.aSession();
    expect(await (await rig.ask(own.path, { key: own.key })).json()).toEqual(own.session);
    const list = await rig.ask(`${path}?state=READY&limit=3`, { key: own.key });
    expect(await list.json()).toMatchObject({ nextCursor: 'more' });
    expect(platform.asked.at(-1)?.payload).toEqual({ cursor: null, limit: 3, state: 'READY' });
    const extended = await rig.ask(`${own.path}/extend`, { method: 'POST', key: own.key, json: { duration: 60 } });
    expect(extended.status).toBe(200);
    const ended = await rig.ask(own.path, { method: 'DELETE', key: own.key });
    expect(ended.status).toBe(202);
    expect(await ended.json()).toMatchObject({ state: 'TERMINATING' });
  });

  it.each(['limit=0', 'limit=201', 'state=ASLEEP', 'state=READY&state=READY', 'unknown=1', 'cursor='])(
    'are not listed by the query %s',
    async (query) => {
      await expectProblem(await rig.ask(`${path}?${query}`, { key }), 400, 'invalid_input');
    },
  );

  it('that are foreign or missing are the same answer on every route', async () => {
    const foreign = await rig.aSession();
    const requests: [string, string, unknown][] = [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['POST', '/extend', { duration: 60 }],
      ['POST', '/execute', { command: 'id' }],
      ['GET', '/executions', undefined],
      ['GET', `/executions/${newExecutionId()}`, undefined],
      ['POST', '/apply', { configuration: 'a: 1', type: 'yaml' }],
      ['GET', '/applies', undefined],
      ['POST', `/applies/${newId()}/rollback`, undefined],
      ['GET', '/kubeconfig', undefined],
      ['GET', '/metrics', undefined],
      ['GET', '/health', undefined],
      ['GET', '/receipt', undefined],
    ];
    for (const [method, suffix, json] of requests) {
      const init = { method, key, headers: { 'x-correlation-id': 'same' }, ...(json ? { json } : {}) };
      const one = await expectProblem(await rig.ask(`${foreign.path}${suffix}`, init), 404, 'not_found');
      const other = await expectProblem(await rig.ask(`${path}/${newSessionId()}${suffix}`, init), 404, 'not_found');
      expect(one).toEqual(other);
    }
  });

  it.each([
    ['../admin'],
    ['..%2Fadmin'],
    ['%00'],
    [newSessionId().toUpperCase()],
    ["'%20OR%201=1"],
    ['%zz'],
    ['a'.repeat(5_000)],
  ])('are not found by a bad id (case %#)', async (id) => {
    const { status, type } = await rig.askRaw(`${path}/${id}`, key);
    expect([400, 404]).toContain(status);
    expect(type).toMatch(/^application\/problem\+json/);
    expect(platform.asked).toEqual([]);
  });
});

describe('execute', () => {
  const text = (value: string) => Buffer.from(value).toString('base64');

  async function execute(json: unknown): Promise<Response> {
    const own = await rig.aSession();
    return rig.ask(`${own.path}/execute`, { method: 'POST', key: own.key, json });
  }

  it('runs a string or an array and answers with text', async () => {
    platform.run = ({ command }) => Promise.resolve({ stdout: text(`ran ${JSON.stringify(command)}\n`), exitCode: 3 });
    const response = await execute({
      command: 'ls; rm -rf /',
      stdin: 'é',
      timeout: 5_000,
      cwd: '/tmp',
      env: { A: '1' },
    });
    const result = (await response.json()) as Record<string, unknown>;
    expect(response.status).toBe(200);
    expect(Object.keys(result).sort()).toEqual(
      'durationMs executionId exitCode leftProcesses outcome path startFailed stderr stdout truncated'.split(' '),
    );
    expect(result).toMatchObject({ stdout: 'ran "ls; rm -rf /"\n', exitCode: 3 });
    expect(platform.asked.at(-1)?.payload).toMatchObject({
      executionId: result['executionId'],
      timeoutMs: 5_000,
      cwd: '/tmp',
      env: { A: '1' },
      stdin: text('é'),
    });
  });

  it('shows output as asked: text with replaced bytes, or every byte', async () => {
    const stdout = Buffer.from([0x61, 0xff, 0xe2, 0x82]).toString('base64');
    platform.run = () => Promise.resolve({ stdout, truncated: { stdout: true, stderr: false } });
    expect(await (await execute({ command: 'x' })).json()).toMatchObject({ stdout: 'a\uFFFD' });
    const bytes = await execute({ command: 'x', encoding: 'base64', stdin: 'AP8=' });
    expect(await bytes.json()).toMatchObject({ stdout });
    expect(platform.asked.at(-1)?.payload).toMatchObject({ stdin: 'AP8=' });
    await expectProblem(await execute({ command: 'x', encoding: 'base64', stdin: '***' }), 400, 'invalid_input');
  });

  it('leaves executions that can be read and listed', async () => {
    const own = await rig.aSession();
    const one = await rig.ask(`${own.path}/executions/${newExecutionId()}`, { key: own.key });
    expect(await one.json()).toMatchObject({ stdout: 'hello\n', state: 'finished' });
    const list = await rig.ask(`${own.path}/executions?limit=2`, { key: own.key });
    const page = (await list.json()) as { items: object[] };
    expect(page.items[0]).not.toHaveProperty('stdout');
  });
});

describe('what is observed', () => {
  it('comes from its owner', async () => {
    const own = await rig.aSession();
    for (const [name, part] of [
      ['metrics', { limits: { cpuMillicores: 1000 } }],
      ['health', { status: 'healthy' }],
      ['receipt', { clean: true }],
    ] as const) {
      const response = await rig.ask(`${own.path}/${name}`, { key: own.key });
      expect(await response.json()).toMatchObject(part);
    }
    expect(await (await rig.ask('/api/workshops', { key })).json()).toMatchObject({ items: [{ id: 'linux-basics' }] });
    expect(await (await rig.ask('/api/workshops/linux-basics', { key })).json()).toMatchObject({ id: 'linux-basics' });
  });

  it('lists targets with the health the monitor knows, and without it when the monitor is away', async () => {
    const targets = async () => (await rig.ask('/api/targets', { key })).json();
    expect(await targets()).toMatchObject({ items: [{ name: 'local-docker', health: null }], nextCursor: null });
    const monitor = await rig.startMonitor();
    await eventually(async () => expect(await targets()).toMatchObject({ items: [{ health: { reachable: true } }] }));
    await monitor.close();
  });
});
