import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
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

const sessions = '/api/workshops/sessions';

async function expectProblem(response: Response, status: number, kind: string): Promise<void> {
  const problem = (await response.json()) as object;
  expect({ status: response.status, ...problem }).toMatchObject({ status, kind });
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
}

describe('the edge', () => {
  it('refuses a body that is too large or not JSON, before any service', async () => {
    const large = await rig.ask(sessions, { method: 'POST', key, json: { workshopId: 'x'.repeat(3 * 1024 * 1024) } });
    await expectProblem(large, 413, 'invalid_input');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      const response = await rig.ask(sessions, { method: 'POST', key, body: 'workshopId=a', headers });
      await expectProblem(response, 415, 'invalid_input');
    }
    expect(platform.asked).toEqual([]);
  });

  it('takes an empty JSON body as none: enough to end a session, not to change one', async () => {
    const own = await rig.aSession();
    const headers = { 'content-type': 'application/json' };
    const empty = { key: own.key, headers };
    await expectProblem(await rig.ask(`${own.path}/extend`, { ...empty, method: 'POST' }), 400, 'invalid_input');
    await expectProblem(await rig.ask(`${own.path}/execute`, { ...empty, method: 'POST' }), 400, 'invalid_input');
    expect((await rig.ask(own.path, { ...empty, method: 'DELETE' })).status).toBe(202);
    const chunked = { body: new Blob([]).stream(), duplex: 'half' } as const;
    expect((await rig.ask(own.path, { ...empty, ...chunked, method: 'DELETE' })).status).toBe(202);
  });

  it('answers an unknown path with 404 and a wrong method with 405 and what is allowed', async () => {
    await expectProblem(await rig.ask('/api/nothing', { key }), 404, 'not_found');
    await expectProblem(await rig.ask('/', {}), 404, 'not_found');
    const wrong = await rig.ask(sessions, { method: 'PUT', key, json: {} });
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
    await expectProblem(wrong, 405, 'invalid_input');
    await expectProblem(await rig.ask(sessions, { method: 'PATCH' }), 401, 'unauthenticated');
  });

  it('gives no other origin a right and ignores a method override', async () => {
    const headers = { origin: 'https://evil.example', 'x-http-method-override': 'DELETE' };
    const response = await rig.ask('/api/workshops', { key, headers });
    expect(response.status).toBe(200);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    await expectProblem(await rig.ask('/api/workshops', { method: 'OPTIONS', key, headers }), 405, 'invalid_input');
  });

  it('refuses endless headers', async () => {
    expect((await rig.askRaw('/api/workshops', 'x'.repeat(32 * 1024))).status).toBe(431);
    expect(Math.max(...rig.logged.map((line) => line.length))).toBeLessThan(4096);
  });

  it('lets a key do a burst and then its rate, each key for itself', async () => {
    const replica = await rig.startReplica({ NALABO_REQUESTS_PER_SECOND: '1', NALABO_REQUEST_BURST: '5' });
    const ask = (as: string) => fetch(`${replica.url}/api/workshops`, { headers: { authorization: `Bearer ${as}` } });
    onTestFinished(() => replica.stop());
    const begun = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(key)));
    // Another one may do for each second that they take.
    const seconds = Math.ceil((performance.now() - begun) / 1000);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(15 - seconds);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await ask((await rig.aKey()).key)).status).toBe(200);
  });
});

describe('the audit', () => {
  const rowsOf = async (correlationId: string) =>
    (await rig.database.query('SELECT * FROM request_audit WHERE correlation_id = $1', [correlationId])).rows;

  it('keeps one row for a change and for a refusal, none for reading, and no path, body or key', async () => {
    const { session, ...own } = await rig.aSession();
    const send = (correlation: string, path: string, init: Parameters<GatewayRig['ask']>[1] = {}) =>
      rig.ask(path, { ...init, headers: { 'x-correlation-id': correlation } });
    await send('read-1', own.path, { key: own.key });
    await send('change-1', `${own.path}/extend`, { method: 'POST', key: own.key, json: { duration: 60 } });
    await send('refused-1', `${sessions}?key=${own.key}`);
    await send('unmatched-1', `/api/secret-${session.id}`);
    await eventually(async () => expect(await rowsOf('unmatched-1')).toHaveLength(1));
    expect(await rowsOf('read-1')).toEqual([]);
    expect(await rowsOf('change-1')).toMatchObject([
      { method: 'POST', route: `${sessions}/:id/extend`, status: 200, kind: null, owner_id: session.ownerId },
    ]);
    expect(await rowsOf('refused-1')).toMatchObject([
      { route: sessions, status: 401, kind: 'unauthenticated', key_id: null },
    ]);
    const { rows } = await rig.database.query('SELECT t::text AS row FROM request_audit t');
    expect(JSON.stringify(rows)).not.toContain(own.key);
    expect(JSON.stringify(rows)).not.toContain(session.id);
  });

  it('is written before a replica has stopped', async () => {
    const replica = await rig.startReplica();
    const headers = { 'x-correlation-id': 'last-words' };
    expect((await fetch(`${replica.url}/api/nothing`, { headers })).status).toBe(404);
    await replica.stop();
    expect(await rowsOf('last-words')).toMatchObject([{ route: '(unmatched)', status: 404, kind: 'not_found' }]);
  });
});

describe('the description of the API', () => {
  it('is public, lists every route with its credential, its refusals and its schemas', async () => {
    const page = await rig.ask('/api/docs');
    expect(page.status).toBe(200);
    const document = (await (await rig.ask('/api/docs-json')).json()) as {
      paths: Record<string, Record<string, { security?: object[]; responses: object; requestBody?: object }>>;
      components: { schemas: object };
    };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const one = `${sessions}/{id}`;
    expect(routes.filter((route) => route.includes('/api/')).sort()).toEqual(
      [
        `POST ${sessions}`,
        `GET ${sessions}`,
        `GET ${one}`,
        `DELETE ${one}`,
        `POST ${one}/extend`,
        `POST ${one}/execute`,
        `GET ${one}/executions`,
        `GET ${one}/executions/{executionId}`,
        `GET ${one}/executions/{executionId}/stream`,
        `DELETE ${one}/executions/{executionId}`,
        `POST ${one}/checks`,
        `POST ${one}/checks/{checkId}`,
        `GET ${one}/checks`,
        `GET ${one}/terminal`,
        `POST ${one}/terminal/tickets`,
        `GET ${one}/terminals`,
        `DELETE ${one}/terminals/{terminalId}`,
        `POST ${one}/apply`,
        `GET ${one}/applies`,
        `POST ${one}/applies/{applyId}/rollback`,
        `GET ${one}/kubeconfig`,
        `GET ${one}/metrics`,
        `GET ${one}/health`,
        `GET ${one}/logs`,
        `GET ${one}/receipt`,
        'GET /api/workshops',
        'GET /api/workshops/{workshopId}',
        'PUT /api/workshops/{workshopId}',
        'DELETE /api/workshops/{workshopId}',
        'GET /api/targets',
        'POST /api/keys',
        'GET /api/keys',
        'DELETE /api/keys/{keyId}',
      ].sort(),
    );
    for (const [path, methods] of Object.entries(document.paths).filter(([name]) => name.startsWith('/api/'))) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.security, `${method} ${path}`).toEqual([{ bearer: [] }]);
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '429', '503']));
      }
    }
    const create = JSON.stringify(document.paths[sessions]?.['post']);
    expect(create).toContain('workshopId');
    expect(create).toContain('remainingSeconds');
    expect(document.components.schemas).toHaveProperty('Problem');
  });

  it('tells the ways in which a command is answered and followed', async () => {
    type Operation = Record<string, { parameters: object[]; responses: Record<string, { content?: object }> }>;
    const { paths } = (await (await rig.ask('/api/docs-json')).json()) as { paths: Record<string, Operation> };
    const execute = paths[`${sessions}/{id}/execute`]?.['post']?.responses;
    expect(execute?.['200']?.content).toMatchObject({
      'application/json': { schema: { properties: { leftProcesses: { type: 'boolean' } } } },
      'text/event-stream': { schema: { type: 'string' } },
    });
    expect(JSON.stringify(execute?.['202'])).toContain('startedAt');
    const stream = paths[`${sessions}/{id}/executions/{executionId}/stream`]?.['get'];
    expect(Object.keys(stream?.responses ?? {})).toEqual(expect.arrayContaining(['200', '204', '404']));
    expect(JSON.stringify(stream?.parameters)).toContain('Last-Event-ID');
  });
});
