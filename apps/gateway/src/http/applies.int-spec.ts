import { rpcs } from '@nalabo/contracts';
import { AppError, newId } from '@nalabo/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayRig } from '../gateway-rig.cases.js';
import { platform } from '../platform.cases.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());
beforeEach(() => {
  platform.asked.length = 0;
  platform.apply = () => Promise.resolve(rpcs.executor.runApply.example.reply);
});

async function apply(json: unknown): Promise<Response> {
  const { key, path } = await rig.aSession();
  return rig.ask(`${path}/apply`, { method: 'POST', key, json });
}

describe('apply', () => {
  const configuration = 'apiVersion: v1\nkind: Pod\n';

  it('hands the file to the executor as it is, and answers with what became of each object', async () => {
    const response = await apply({ configuration, type: 'yaml' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(rpcs.executor.runApply.example.reply);
    expect(platform.asked.at(-1)?.payload).toMatchObject({ configuration, type: 'yaml', dryRun: false });
    await apply({ configuration, type: 'compose', dryRun: true });
    expect(platform.asked.at(-1)?.payload).toMatchObject({
      type: 'compose',
      dryRun: true,
      files: {},
      idempotency: null,
    });
  });

  it('hands the files beside it and the idempotency key on', async () => {
    const { key, path } = await rig.aSession();
    const files = { 'html/index.html': '<p>hello</p>\n', 'app/.env.example': '' };
    const json = { configuration, type: 'compose', files };
    const ask = (body: object): Promise<Response> =>
      rig.ask(`${path}/apply`, { method: 'POST', key, json: body, headers: { 'idempotency-key': 'once' } });
    expect((await ask(json)).status).toBe(200);
    const first = platform.asked.at(-1)?.payload as { idempotency: { digest: string } };
    expect(first).toMatchObject({ files, idempotency: { key: 'once', digest: expect.any(String) } });
    await ask({ ...json, files: { ...files, 'html/index.html': '' } });
    const second = platform.asked.at(-1)?.payload as { idempotency: { digest: string } };
    expect(second.idempotency.digest).not.toBe(first.idempotency.digest);
  });

  it('names every fault of the file with its document and line', async () => {
    const place = { path: 'metadata.name', document: 2, line: 14, rule: 'manifest.name', hint: 'Name it.' };
    const violations = [{ field: 'configuration', message: 'is needed', ...place }];
    platform.apply = () =>
      Promise.reject(
        new AppError('unprocessable', 'faults', {
          details: { code: 'policy_violation', violations },
          publicMessage: 'No.',
        }),
      );
    const response = await apply({ configuration, type: 'yaml' });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = { kind: 'unprocessable', code: 'policy_violation', detail: 'No.', violations };
    expect(await response.json()).toMatchObject(problem);
  });

  it.each([
    {},
    { configuration },
    { configuration: '', type: 'yaml' },
    { configuration: 7, type: 'yaml' },
    { configuration: '\ud800', type: 'yaml' },
    { configuration, type: 'helm' },
    { configuration, type: 'yaml', dryRun: 'yes' },
    { configuration, type: 'yaml', namespace: 'kube-system' },
    { configuration, type: 'yaml', kubeconfig: 'x' },
    { configuration, type: 'compose', files: ['a'] },
    { configuration, type: 'compose', files: { a: 7 } },
    { configuration, type: 'compose', files: { a: '\ud800' } },
    { configuration, type: 'compose', files: { '/etc/passwd': '' } },
    { configuration, type: 'compose', files: { '../up': '' } },
    { configuration, type: 'compose', files: { 'a/../b': '' } },
    { configuration, type: 'compose', files: { 'a/..': '' } },
    { configuration, type: 'compose', files: { './a': '' } },
    { configuration, type: 'compose', files: { 'a//b': '' } },
    { configuration, type: 'compose', files: { 'a/': '' } },
    { configuration, type: 'compose', files: { '': '' } },
    { configuration, type: 'compose', files: { 'a\0b': '' } },
    { configuration, type: 'compose', files: { [`${'a/'.repeat(127)}bc`]: '' } },
    {
      configuration,
      type: 'compose',
      files: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, ''])),
    },
  ])('is refused when malformed and nothing is sent (case %#)', async (json) => {
    const response = await apply(json);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { violations: object[] };
    expect(problem).toMatchObject({ kind: 'invalid_input' });
    expect(problem.violations).not.toEqual([]);
    expect(platform.asked).toEqual([]);
  });

  it('takes a file as large as a body may be', async () => {
    const response = await apply({ configuration: '#'.repeat(767 * 1024), type: 'yaml' });
    expect(response.status).toBe(200);
    expect((await apply({ configuration: '#'.repeat(769 * 1024), type: 'yaml' })).status).toBe(413);
  });
});

describe('the applies of a session', () => {
  it('are listed page by page', async () => {
    const { key, path } = await rig.aSession();
    const response = await rig.ask(`${path}/applies?limit=2&cursor=7`, { key });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(rpcs.executor.listApplies.example.reply);
    expect(platform.asked.at(-1)?.payload).toMatchObject({ cursor: '7', limit: 2 });
    expect((await rig.ask(`${path}/applies?state=failed`, { key })).status).toBe(400);
  });

  it('are rolled back by their id, with an idempotency key of its own', async () => {
    const { key, path } = await rig.aSession();
    const applyId = newId();
    const init = { method: 'POST', key, headers: { 'idempotency-key': 'once' } };
    const response = await rig.ask(`${path}/applies/${applyId}/rollback`, init);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(rpcs.executor.rollbackApply.example.reply);
    expect(platform.asked.at(-1)?.payload).toMatchObject({ applyId, idempotency: { key: 'once' } });
    expect((await rig.ask(`${path}/applies/last/rollback`, init)).status).toBe(400);
  });
});

describe('the kubeconfig', () => {
  it('is YAML that nobody keeps, and stands in no log', async () => {
    const { key, path } = await rig.aSession();
    const response = await rig.ask(`${path}/kubeconfig`, { key });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/yaml/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('apiVersion: v1\nkind: Config\n');
    expect(rig.logged.join('')).not.toContain('kind: Config');
  });

  it('of a foreign session is a problem and no YAML', async () => {
    const { path } = await rig.aSession();
    const response = await rig.ask(`${path}/kubeconfig`, { key: (await rig.aKey()).key });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});
