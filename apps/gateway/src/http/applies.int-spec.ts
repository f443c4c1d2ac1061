import { rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
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
    expect(platform.asked.at(-1)?.payload).toMatchObject({ type: 'compose', dryRun: true });
  });

  it('names every fault of the file with its document and line', async () => {
    const place = { path: 'metadata.name', document: 2, line: 14, rule: 'manifest.name', hint: 'Name it.' };
    const violations = [{ field: 'configuration', message: 'is needed', ...place }];
    platform.apply = () =>
      Promise.reject(new AppError('unprocessable', 'faults', { details: { violations }, publicMessage: 'No.' }));
    const response = await apply({ configuration, type: 'yaml' });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ kind: 'unprocessable', detail: 'No.', violations });
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
