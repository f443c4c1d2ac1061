import { rpcs } from '@nalabo/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayRig } from '../gateway-rig.cases.js';
import { platform } from '../platform.cases.js';

const { runChecks, listChecks } = rpcs.executor;

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());
beforeEach(() => {
  platform.asked.length = 0;
});

describe('checks', () => {
  it.each([
    ['checks', null],
    ['checks/notes-exist', ['notes-exist']],
  ])('are run by POST %s, which answers with what became of them', async (route, checkIds) => {
    const { key, path, session } = await rig.aSession();
    const response = await rig.ask(`${path}/${route}`, { method: 'POST', key });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(runChecks.example.reply);
    expect(platform.asked.at(-1)?.payload).toEqual({ sessionId: session.id, checkIds });
  });

  it('are listed with the attempts at them', async () => {
    const { key, path } = await rig.aSession();
    const response = await rig.ask(`${path}/checks`, { key });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ...(listChecks.example.reply as object), nextCursor: null });
  });

  it.each([
    ['GET', 'checks'],
    ['POST', 'checks'],
    ['POST', 'checks/notes-exist'],
  ])('of a foreign session are missing to %s %s', async (method, route) => {
    const { path } = await rig.aSession();
    const response = await rig.ask(`${path}/${route}`, { method, key: (await rig.aKey()).key });
    expect(response.status).toBe(404);
  });

  it.each(['NOTES', '-notes', 'a%20b', 'x'.repeat(64)])('with the id %s ask no service', async (checkId) => {
    const { key, path } = await rig.aSession();
    const response = await rig.ask(`${path}/checks/${checkId}`, { method: 'POST', key });
    expect(response.status).toBe(400);
    expect(platform.asked).toEqual([]);
  });

  it('answer 405 to another method', async () => {
    const { key, path } = await rig.aSession();
    const response = await rig.ask(`${path}/checks/notes-exist`, { method: 'DELETE', key });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('are part of the API documentation', async () => {
    const response = await rig.ask('/api/docs-json');
    const { paths } = (await response.json()) as { paths: Record<string, object> };
    const base = '/api/workshops/sessions/{id}/checks';
    expect(Object.keys(paths[base] ?? {}).sort()).toEqual(['get', 'post']);
    expect(Object.keys(paths[`${base}/{checkId}`] ?? {})).toEqual(['post']);
  });
});
