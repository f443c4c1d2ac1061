import { type RequestOf, rpcs } from '@nalabo/contracts';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, instructor, type ProvisionerRig, startProvisionerRig } from '../provisioner-rig.cases.js';

const { putWorkshop, deleteWorkshop, getWorkshop, listWorkshops } = rpcs.provisioner;
const admin = anActor({ ownerId: 'root', role: 'admin' });

let rig: ProvisionerRig;
beforeAll(async () => {
  rig = await startProvisionerRig();
});
afterAll(() => rig.stop());

type Sent = RequestOf<typeof putWorkshop>['workshop'];

const compose = 'services: { web: { image: "nginx:alpine", volumes: ["./html:/usr/share/nginx/html"] } }';

const aWorkshop = (id: string, overrides: object = {}): Sent =>
  ({
    id,
    title: 'A shop',
    infrastructure: ['docker', 'kubernetes'],
    images: ['nginx:alpine'],
    compose: { text: compose },
    ...overrides,
  }) as unknown as Sent;
const put = (workshop: Sent, actor = admin) => rig.ask(putWorkshop, { workshop }, actor);
const remove = (workshopId: string, actor = admin) => rig.ask(deleteWorkshop, { workshopId }, actor);
const revisionOf = async (workshopId: string) => (await rig.ask(getWorkshop, { workshopId })).revision;
const offered = async () =>
  (await rig.ask(listWorkshops, { cursor: null, limit: 100 })).items.map(({ id, revision }) => `${id} ${revision}`);

describe('a workshop that is stored', () => {
  it('is offered, and gets a revision for each change and for nothing else', async () => {
    const files = { 'html/a': 'a', 'html/b': 'b' };
    const first = await put(aWorkshop('stored', { files }));
    expect(first).toMatchObject({ created: true, workshop: { id: 'stored', revision: 1, title: 'A shop' } });
    const same = { ...aWorkshop('stored'), files: { 'html/b': 'b', 'html/a': 'a' } };
    expect(await put(same)).toMatchObject({ created: false, workshop: { revision: 1 } });
    expect(await put({ ...same, title: 'Another' })).toMatchObject({ created: false, workshop: { revision: 2 } });
    expect(await offered()).toContain('stored 2');
  });

  it('is stored with whose key it came with, and withdrawn with whose', async () => {
    await put(aWorkshop('audited'));
    await put(aWorkshop('audited', { title: 'Another' }), anActor({ keyId: 'k2', ownerId: 'other', role: 'admin' }));
    await remove('audited');
    const changes = 'select revision, changed_by, withdrawn_by from workshops where id = $1 order by revision';
    const root = { keyId: admin.keyId, ownerId: 'root' };
    expect(await rig.sql(changes, ['audited'])).toEqual([
      { revision: 1, changed_by: root, withdrawn_by: null },
      { revision: 2, changed_by: { keyId: 'k2', ownerId: 'other' }, withdrawn_by: root },
    ]);
    expect(await rig.sql(changes, ['first-steps'])).toEqual([{ revision: 1, changed_by: null, withdrawn_by: null }]);
  });

  it.each([alice, instructor])('comes from no one but an administrator', async (actor) => {
    await expect(put(aWorkshop('forbidden'), actor)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(remove('first-steps', actor)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(revisionOf('forbidden')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await revisionOf('first-steps')).toBe(1);
  });

  it('is refused with every rule that it breaks in each of its files, and nothing is stored', async () => {
    const hostile = aWorkshop('hostile', {
      compose: { text: 'services:\n  web:\n    image: nginx:alpine\n    privileged: true\n    volumes: ["/:/host"]\n' },
      manifests: { text: 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { nalabo.io/session: other } }\n' },
    });
    await expect(put(hostile)).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        code: 'policy_violation',
        violations: expect.arrayContaining([
          expect.objectContaining({
            field: 'compose.text',
            path: 'services.web.privileged',
            line: 4,
            rule: 'compose.service.privileged',
            hint: expect.any(String),
          }),
          expect.objectContaining({ field: 'compose.text', line: 5 }),
          expect.objectContaining({ field: 'manifests.text', line: expect.any(Number), hint: expect.any(String) }),
        ]),
      },
    });
    await expect(revisionOf('hostile')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('keeps what it was when a change of it is refused', async () => {
    await put(aWorkshop('kept'));
    await expect(put(aWorkshop('kept', { images: [] }))).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(await revisionOf('kept')).toBe(1);
  });

  it('has its manifests judged by its isolation', async () => {
    const infrastructure = ['kubernetes'];
    const text = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
    const own = aWorkshop('own-cluster', { infrastructure, compose: null, manifests: { text } });
    expect(await put(own)).toMatchObject({ created: true });
    const shared = { ...own, id: 'shared', kubernetes: { isolation: 'namespace' as const } };
    await expect(put(shared)).rejects.toMatchObject({ details: { code: 'policy_violation' } });
  });
});

describe('a workshop that is deleted', () => {
  it('is offered no more, is deleted twice, and comes back as a further revision', async () => {
    const workshop = aWorkshop('deleted');
    await put(workshop);
    const session = await rig.create({ workshopId: 'deleted' });
    await remove('deleted');
    await remove('deleted');
    await expect(revisionOf('deleted')).rejects.toMatchObject({ kind: 'not_found' });
    expect((await offered()).some((line) => line.startsWith('deleted '))).toBe(false);
    await expect(rig.create({ workshopId: 'deleted' })).rejects.toMatchObject({ kind: 'unprocessable' });
    await rig.reaching(session.id, 'READY');
    expect(await put(workshop)).toMatchObject({ created: true, workshop: { revision: 2 } });
    await rig.clear();
  });

  it('has to have been there', async () => {
    await expect(remove('never-seen')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a shipped workshop', () => {
  const shipped = { title: 'First steps', infrastructure: ['docker'], images: ['nginx:alpine'], compose: null };

  it('that is sent as it is shipped belongs to its sender from then on, in the same revision', async () => {
    const [{ content } = expect.fail('not shipped')] = await rig.sql<{ content: Sent }[]>(
      `select content from workshops where id = 'first-steps'`,
    );
    expect(await put(content)).toMatchObject({ created: false, workshop: { revision: 1 } });
    const sources = await rig.sql(`select source, changed_by from workshops where id = 'first-steps'`);
    expect(sources).toEqual([{ source: 'api', changed_by: { keyId: admin.keyId, ownerId: 'root' } }]);
  });

  it('that was changed, or deleted, stays so when the service starts again', async () => {
    await put(aWorkshop('first-steps', { ...shipped, title: 'Our own first steps' }));
    await restart();
    expect(await rig.ask(getWorkshop, { workshopId: 'first-steps' })).toMatchObject({
      revision: 2,
      title: 'Our own first steps',
    });
    await remove('first-steps');
    await restart();
    await expect(revisionOf('first-steps')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await put(aWorkshop('first-steps', shipped))).toMatchObject({ created: true, workshop: { revision: 3 } });
  });

  async function restart(): Promise<void> {
    await rig.stopReplicas();
    await rig.startReplica();
    await rig.isLoaded();
    // It reads them without the message bus, over which it is asked next.
    await eventually(offered);
  }
});
