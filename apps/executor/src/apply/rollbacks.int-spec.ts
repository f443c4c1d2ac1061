import { anActor, eventually } from '@nalabo/testing';
import { newId } from '@nalabo/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { ApplyingTarget } from './applying-target.cases.js';
import { lentSession } from './lending-provisioner.cases.js';

let rig: ExecutorRig;
const applying = new ApplyingTarget();
beforeAll(async () => {
  rig = await startExecutorRig([applying.target]);
});
afterAll(() => rig.stop());

const aCluster = () => rig.aSession({ target: 'applying' });
const configMap = (name: string, text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { text: "${text}" }\n`;
const services = (...lines: string[]): string =>
  `services:\n  web:\n    image: nginx:alpine\n${lines.map((line) => `    ${line}\n`).join('')}`;
const withFolder = services('volumes: ["./html:/usr/share/nginx/html"]');
const page = 'html/index.html';

async function read(sessionId: string, path: string): Promise<string> {
  const { stdout, exitCode } = await rig.run(sessionId, { command: ['cat', path] });
  return exitCode === 0 ? Buffer.from(stdout, 'base64').toString() : 'absent';
}
const servicesOf = (sessionId: string) =>
  rig.target.backend
    .allObjects()
    .filter(({ name }) => name.includes(`${sessionId}-s-`))
    .map(({ name }) => name.slice(name.indexOf('-s-') + 3));
const actionsOf = ({ objects }: { objects: readonly { kind: string; name: string; action: string }[] }) =>
  objects.map(({ kind, name, action }) => `${kind} ${name} ${action}`);

describe('services that are applied', () => {
  it('come with their files, change with the file, and go with it', async () => {
    const sessionId = await rig.aSession();
    const first = await rig.apply(sessionId, { type: 'compose', configuration: withFolder, files: { [page]: 'one' } });
    expect(actionsOf(first)).toEqual(expect.arrayContaining(['service web created', `file ${page} created`]));
    expect(await read(sessionId, page)).toBe('one');
    const again = await rig.apply(sessionId, { type: 'compose', configuration: withFolder, files: { [page]: 'one' } });
    expect(again.objects.every(({ action }) => action === 'unchanged')).toBe(true);
    const other = services().replace('web', 'app');
    const last = await rig.apply(sessionId, { type: 'compose', configuration: other });
    expect(actionsOf(last)).toEqual(expect.arrayContaining(['service app created', 'service web removed']));
    expect(servicesOf(sessionId)).toEqual(['app']);
  });

  it('are stored by the provisioner, and tell of keys that were ignored', async () => {
    const sessionId = await rig.aSession();
    const { notes } = await rig.apply(sessionId, { type: 'compose', configuration: `version: '3.8'\n${withFolder}` });
    expect(notes).toMatchObject([{ path: 'version', line: 1 }]);
    const model = { type: 'compose', compose: { services: [{ name: 'web' }] }, folders: { html: expect.any(Number) } };
    expect(lentSession(sessionId)).toMatchObject({
      token: null,
      current: model,
      outcomes: [{ kind: 'applied', model }],
    });
  });

  it('of which one fails leave the session as it was, and say which', async () => {
    const sessionId = await rig.aSession();
    await rig.apply(sessionId, { type: 'compose', configuration: withFolder, files: { [page]: 'one' } });
    const broken = services('volumes: ["./html:/usr/share/nginx/html"]', 'command: ["/no/such/program"]');
    const idempotency = { key: newId(), digest: 'd' };
    const request = { type: 'compose', configuration: broken, files: { [page]: 'two' }, idempotency } as const;
    const { objects } = await rig.apply(sessionId, request);
    expect(objects.find(({ name }) => name === 'web')).toMatchObject({
      action: 'failed',
      message: expect.stringContaining('/no/such/program'),
    });
    expect(await read(sessionId, page)).toBe('one');
    expect(lentSession(sessionId).outcomes.at(-1)).toEqual({ kind: 'unsettled' });
    const [newest] = (await rig.applies(sessionId)).items;
    expect(newest).toMatchObject({ state: 'failed', counts: { failed: expect.any(Number) } });
    // The key is free again.
    expect((await rig.apply(sessionId, request)).objects).toEqual(objects);
    await expect(rig.rollback(sessionId, { applyId: newest?.applyId ?? '' })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('that ask for an image that the workshop does not offer are refused, and nothing is created', async () => {
    const sessionId = await rig.aSession();
    lentSession(sessionId).images = [];
    await expect(rig.apply(sessionId, { type: 'compose', configuration: withFolder })).rejects.toMatchObject({
      details: { code: 'policy_violation', violations: [{ rule: 'compose.image-allowed', line: 3 }] },
    });
    expect(servicesOf(sessionId)).toEqual([]);
    expect(lentSession(sessionId).outcomes).toEqual([{ kind: 'unchanged' }]);
  });
});

describe('a rollback', () => {
  it('brings back services and files, as an apply of its own that can be rolled back too', async () => {
    const sessionId = await rig.aSession();
    await rig.apply(sessionId, { type: 'compose', configuration: withFolder, files: { [page]: 'one' } });
    const second = await rig.apply(sessionId, {
      type: 'compose',
      configuration: services(),
      files: { [page]: 'two', 'new.txt': 'new' },
    });
    const back = await rig.rollback(sessionId, { applyId: second.applyId });
    expect(back).toMatchObject({ rollbackOf: second.applyId, type: 'compose', dryRun: false, notes: [] });
    expect(back.applyId).not.toBe(second.applyId);
    expect(await read(sessionId, page)).toBe('one');
    expect(await read(sessionId, 'new.txt')).toBe('absent');
    expect(lentSession(sessionId).current).toMatchObject({ folders: { html: expect.any(Number) } });
    await rig.rollback(sessionId, { applyId: back.applyId });
    expect(await read(sessionId, page)).toBe('two');
    expect(lentSession(sessionId).current).toMatchObject({ compose: { folders: [] } });
  });

  it('of the first apply leaves nothing', async () => {
    const sessionId = await rig.aSession();
    const { applyId } = await rig.apply(sessionId, { type: 'compose', configuration: services() });
    expect(actionsOf(await rig.rollback(sessionId, { applyId }))).toContain('service web removed');
    expect(servicesOf(sessionId)).toEqual([]);
    expect(lentSession(sessionId).current).toBeNull();
  });

  it('to an image that the workshop offers no longer is refused, and nothing changes', async () => {
    const sessionId = await rig.aSession();
    await rig.apply(sessionId, { type: 'compose', configuration: services() });
    const { applyId } = await rig.apply(sessionId, {
      type: 'compose',
      configuration: services().replace('web', 'app'),
    });
    lentSession(sessionId).images = [];
    await expect(rig.rollback(sessionId, { applyId })).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        code: 'policy_violation',
        violations: [{ rule: 'compose.image-allowed', path: 'services.web.image' }],
      },
    });
    expect(servicesOf(sessionId)).toEqual(['app']);
    expect(lentSession(sessionId).outcomes.at(-1)).toEqual({ kind: 'unchanged' });
  });

  it('brings manifests back as they were sent before', async () => {
    const sessionId = await aCluster();
    const [one, two] = [configMap('one', 'first'), configMap('one', 'second')];
    await rig.apply(sessionId, { configuration: one });
    const { applyId } = await rig.apply(sessionId, { configuration: two });
    await rig.apply(sessionId, { configuration: configMap('one', 'tried'), dryRun: true });
    expect(applying.held.get(`${sessionId}/one`)).toContain('second');
    await rig.rollback(sessionId, { applyId });
    expect(applying.held.get(`${sessionId}/one`)).toContain('first');
  });

  it('of the first apply brings back the manifests that the session was made with', async () => {
    const sessionId = await aCluster();
    const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { text: 'brought' } };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', namespace: null, document: 1, line: 1, content };
    lentSession(sessionId).initial = { type: 'yaml', objects: [object] };
    const { applyId } = await rig.apply(sessionId, { configuration: configMap('one', 'first') });
    const second = await rig.apply(sessionId, { configuration: configMap('one', 'second') });
    await rig.rollback(sessionId, second);
    expect(applying.held.get(`${sessionId}/one`)).toContain('first');
    await rig.rollback(sessionId, { applyId });
    expect(applying.held.get(`${sessionId}/one`)).toContain('brought');
  });

  it('of what changed nothing is a conflict, and of what is not there not found', async () => {
    const sessionId = await aCluster();
    const { applyId } = await rig.apply(sessionId, { dryRun: true });
    await expect(rig.rollback(sessionId, { applyId })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(rig.rollback(sessionId, { applyId: newId() })).rejects.toMatchObject({ kind: 'not_found' });
    const other = await aCluster();
    const foreign = await rig.apply(other, {});
    await expect(rig.rollback(sessionId, { applyId: foreign.applyId })).rejects.toMatchObject({ kind: 'not_found' });
    const somebody = anActor({ ownerId: 'somebody-else' });
    await expect(rig.rollback(other, foreign, somebody)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('of an apply that was cut off brings its files back too', async () => {
    const sessionId = await rig.aSession();
    const first = { type: 'compose', configuration: withFolder, files: { [page]: 'one' } } as const;
    await rig.apply(sessionId, first);
    const { applyId } = await rig.apply(sessionId, { ...first, files: { [page]: 'two' } });
    await rig.database.query(`UPDATE applies SET state = 'abandoned', model_after = NULL WHERE apply_id = $1`, [
      applyId,
    ]);
    await rig.rollback(sessionId, { applyId });
    expect(await read(sessionId, page)).toBe('one');
  });

  it('is possible for the newest twenty, of which alone the content is kept', async () => {
    const sessionId = await aCluster();
    for (let made = 0; made < 22; made += 1) await rig.apply(sessionId, {});
    const { items } = await rig.applies(sessionId);
    const [oldest, kept] = [items.at(-2), items.at(-3)];
    await expect(rig.rollback(sessionId, { applyId: oldest?.applyId ?? '' })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await rig.rollback(sessionId, { applyId: kept?.applyId ?? '' });
  });

  it('is not possible once the session has ended, of which no content is kept', async () => {
    const sessionId = await aCluster();
    await rig.apply(sessionId, { configuration: configMap('one', 'hidden') });
    const stored = async () => {
      const sql = 'SELECT model_before, model_after, files_before FROM applies WHERE session_id = $1';
      return (await rig.database.query(sql, [sessionId])).rows;
    };
    expect(JSON.stringify(await stored())).toContain('hidden');
    await rig.announceTermination(sessionId);
    await eventually(async () =>
      expect(await stored()).toEqual([{ model_before: null, model_after: null, files_before: null }]),
    );
  });
});
