import { rpcs } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayRig } from '../gateway-rig.cases.js';
import { platform } from '../platform.cases.js';

let rig: GatewayRig;
let key: string;
beforeAll(async () => {
  rig = await GatewayRig.start();
  ({ key } = await rig.aKey('admin'));
});
afterAll(() => rig.stop());
beforeEach(() => {
  platform.asked.length = 0;
  platform.creates = true;
});

const path = '/api/workshops/print-shop';
const workshop = {
  title: 'A print shop',
  infrastructure: ['docker'],
  images: ['nginx:alpine'],
  compose: { text: 'services: { web: { image: nginx:alpine } }' },
  files: { 'html/index.html': '<h1>Welcome</h1>' },
};
const put = (json: unknown, headers = {}) => rig.ask(path, { method: 'PUT', key, json, headers });

describe('a workshop', () => {
  it('is handed over whole, with what was left out, and answered as created or not', async () => {
    const response = await put(workshop);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual(
      (rpcs.provisioner.putWorkshop.example.reply as { workshop: object }).workshop,
    );
    expect(platform.asked).toMatchObject([
      {
        actor: { role: 'admin' },
        payload: { workshop: { ...workshop, id: 'print-shop', manifests: null, checks: [], environment: {} } },
      },
    ]);
    platform.creates = false;
    expect((await put({ ...workshop, id: 'print-shop' })).status).toBe(200);
  });

  it('is deleted', async () => {
    const response = await rig.ask(path, { method: 'DELETE', key });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 204, body: '' });
    expect(platform.asked).toMatchObject([{ payload: { workshopId: 'print-shop' } }]);
  });

  it.each([
    ['id', { id: 'another' }],
    ['title', { title: undefined }],
    ['colour', { colour: 'red' }],
    ['infrastructure', { infrastructure: [] }],
    ['infrastructure', { infrastructure: ['kubernetes'] }],
    ['infrastructure', { manifests: { text: 'kind: Pod' } }],
    ['compose', { compose: 'services: {}' }],
    ['compose.files', { compose: { text: 'a', files: {} } }],
    ['files', { files: { '../a': 'b' } }],
    ['files.a', { files: { a: 'b\0c' } }],
    ['files', { files: { a: 'x'.repeat(600 * 1024) } }],
    ['checks.0.title', { checks: [{ id: 'a', title: 'a\0b', script: 'true' }] }],
    ['durationMinutes.maximum', { durationMinutes: { default: 60, maximum: 1e15 } }],
    ['environment', { environment: { 'A-B': 'c' } }],
    ['checks.0.expect.output', { checks: [{ id: 'a', title: 'A', script: 'true', expect: { output: '(' } }] }],
    ['checks.0.script', { checks: [{ id: 'a', title: 'A' }] }],
    ['resources.maximum.cpu', { resources: { maximum: { cpu: 'much', memory: '1Gi', storage: '1Gi' } } }],
  ])('with a fault in %s is refused, which names it, and nobody is asked', async (field, fault) => {
    const response = await put({ ...workshop, ...fault });
    const { violations } = (await response.json()) as { violations: { field: string }[] };
    expect(response.status).toBe(400);
    expect(new Set(violations.map((violation) => violation.field))).toEqual(new Set([expect.stringContaining(field)]));
    expect(platform.asked).toEqual([]);
  });

  it.each(['Print', 'a_b', 'a.b', `${newId()}-${newId()}`])('has no id like %s', async (id) => {
    const response = await rig.ask(`/api/workshops/${id}`, { method: 'PUT', key, json: workshop });
    expect(response.status).toBe(400);
  });

  it('has no id that is the path of something else', async () => {
    const response = await rig.ask('/api/workshops/sessions', { method: 'PUT', key, json: workshop });
    expect(response.status).toBe(405);
  });

  it('is JSON of no more than any body', async () => {
    expect((await put({ ...workshop, description: 'x'.repeat(800 * 1024) })).status).toBe(413);
  });
});
