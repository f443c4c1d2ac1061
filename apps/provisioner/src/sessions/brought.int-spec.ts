import { type RequestOf, rpcs } from '@nalabo/contracts';
import { newExecutionId, newId, type SessionId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ProvisionerRig, startProvisionerRig } from '../provisioner-rig.cases.js';

const { putWorkshop, beginApply, endApply } = rpcs.provisioner;
const admin = anActor({ ownerId: 'root', role: 'admin' });

let rig: ProvisionerRig;
beforeAll(async () => {
  rig = await startProvisionerRig();
});
afterEach(() => rig.clear());
afterAll(() => rig.stop());

const folder = 'volumes: ["./html:/usr/share/nginx/html"]';
const compose = (...lines: string[]): string =>
  `services:\n  web:\n    image: nginx:alpine\n${lines.map((line) => `    ${line}\n`).join('')}`;

async function aWorkshop(brought: object): Promise<string> {
  const id = `w-${newId().slice(0, 8)}`;
  const workshop = { id, title: 'W', infrastructure: ['docker'], images: ['nginx:alpine'], ...brought };
  await rig.ask(putWorkshop, { workshop } as unknown as RequestOf<typeof putWorkshop>, admin);
  return id;
}
const servicesOf = (id: string): string[] =>
  rig.target.backend
    .allObjects()
    .filter(({ name }) => name.includes(`${id}-s-`))
    .map(({ name }) => name.slice(name.indexOf('-s-') + 3));

async function read(id: string, path: string): Promise<string> {
  const shell = await rig.target.exec.open({ sessionId: id as SessionId, generation: 1 });
  const chunks: Uint8Array[] = [];
  const command = {
    executionId: newExecutionId(),
    program: ['cat', path],
    workingDirectory: '/workspace',
    environment: {},
    stdin: null,
  };
  const io = { stdout: (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)), stderr: () => undefined };
  await shell.run(command, io, AbortSignal.timeout(5000));
  await shell.close();
  return Buffer.concat(chunks).toString();
}

describe('a session of a workshop', () => {
  it('is ready with the services and files that the workshop brings, and says so', async () => {
    const files = { 'html/index.html': 'hello', 'notes.txt': 'read me' };
    const workshopId = await aWorkshop({ compose: { text: compose(folder) }, files });
    const { id } = await rig.create({ workshopId });
    const { progress } = await rig.reaching(id, 'READY');
    expect(progress).toContainEqual({ step: 'services', status: 'done', durationMs: expect.any(Number) });
    expect(servicesOf(id)).toEqual(['web']);
    expect(await read(id, 'html/index.html')).toBe('hello');
    expect(await read(id, 'notes.txt')).toBe('read me');
  });

  it('is ready with files alone', async () => {
    const { id } = await rig.create({ workshopId: await aWorkshop({ files: { 'notes.txt': 'read me' } }) });
    await rig.reaching(id, 'READY');
    expect(await read(id, 'notes.txt')).toBe('read me');
  });

  it('is not ready before, however often the provisioner has to begin again', async () => {
    const workshopId = await aWorkshop({ compose: { text: compose(folder) }, files: { 'html/index.html': 'hello' } });
    rig.target.backend.faults.failEnsureAtStep = 'ready';
    const { id } = await rig.create({ workshopId });
    await eventually(async () => expect(await rig.get(id)).toMatchObject({ lastError: expect.any(String) }));
    expect(await rig.get(id)).toMatchObject({ state: 'PROVISIONING' });
    await rig.stopReplicas();
    rig.target.backend.faults.failEnsureAtStep = null;
    await rig.startReplica();
    await rig.reaching(id, 'READY');
    expect(await read(id, 'html/index.html')).toBe('hello');
  });

  it('fails with the name of the service that cannot be made', async () => {
    const workshopId = await aWorkshop({ compose: { text: compose('command: ["/no/such/program"]') } });
    const { id } = await rig.create({ workshopId });
    expect(await rig.reaching(id, 'FAILED')).toMatchObject({
      lastError: expect.stringMatching(/service web .*program/),
    });
  });

  it('is not written to again once it is ready', async () => {
    const workshopId = await aWorkshop({ compose: { text: compose(folder) }, files: { 'html/index.html': 'hello' } });
    const { id } = await rig.create({ workshopId });
    await rig.reaching(id, 'READY');
    await rig.target.backend.removeWorkbench(id as SessionId);
    await rig.sql('update sessions set next_look_at = now() where id = $1', [id]);
    await eventually(async () => expect(await read(id, 'html/index.html')).toBe(''));
    expect(servicesOf(id)).toEqual(['web']);
  });

  it('has what was brought before the first apply of its learner', async () => {
    const workshopId = await aWorkshop({ compose: { text: compose(folder) } });
    const { id } = await rig.create({ workshopId });
    await rig.reaching(id, 'READY');
    const applyId = newId();
    const { token, current, initial } = await rig.ask(beginApply, { sessionId: id as SessionId, applyId });
    expect(current).toMatchObject({ compose: { services: [{ name: 'web' }] }, folders: { html: 0 } });
    expect(initial).toBeNull();
    await rig.ask(endApply, { sessionId: id as SessionId, applyId, token, outcome: { kind: 'unchanged' } });
  });

  it('is refused when the services do not fit into the resources that are asked for, and nothing is made', async () => {
    const workshopId = await aWorkshop({ compose: { text: compose('mem_limit: 600m') } });
    await expect(rig.create({ workshopId, resources: { memory: '1Gi' } })).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        code: 'policy_violation',
        violations: [expect.objectContaining({ field: 'resources', rule: 'compose.sum-of-limits' })],
      },
    });
    expect(await rig.sql('select id from sessions where workshop_id = $1', [workshopId])).toEqual([]);
  });
});
