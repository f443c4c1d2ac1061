import { newId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { ApplyingTarget } from './applying-target.cases.js';
import { lentSession } from './lending-provisioner.cases.js';
import { refuseToStore } from './refuse-to-store.cases.js';

let rig: ExecutorRig;
const applying = new ApplyingTarget();
beforeAll(async () => {
  rig = await startExecutorRig([applying.target]);
});
afterAll(() => rig.stop());

const page = 'html/index.html';
const services = (name: string): string =>
  `services:\n  ${name}:\n    image: nginx:alpine\n    volumes: ["./html:/usr/share/nginx/html"]\n`;
const before = { type: 'compose', configuration: services('web'), files: { [page]: 'one' } } as const;
const next = { type: 'compose', configuration: services('app'), files: { [page]: 'two', 'new.txt': 'new' } } as const;

const shell = async (sessionId: string, command: string): Promise<string> => {
  const { stdout } = await rig.run(sessionId, { command: ['sh', '-c', command] });
  return Buffer.from(stdout, 'base64').toString();
};
const contents = (sessionId: string): Promise<string> => shell(sessionId, `cat ${page} 2>&1; ls | grep new`);
const servicesOf = (sessionId: string) =>
  rig.target.backend.allObjects().flatMap(({ name }) => name.split(`${sessionId}-s-`)[1] ?? []);
const newest = async (sessionId: string) => (await rig.applies(sessionId)).items[0];
const lastRow = async (sessionId: string) =>
  (await rig.database.query('SELECT * FROM applies WHERE session_id = $1 ORDER BY position DESC', [sessionId])).rows[0];

interface Death {
  /** When the executors look after it. */
  readonly noticedIn?: string;
  readonly idempotency?: { readonly key: string; readonly digest: string };
}

/** A session in which an executor has died when it had done everything, and had told nobody. */
async function cutOff({ noticedIn = '0 seconds', idempotency }: Death = {}): Promise<string> {
  const sessionId = await rig.aSession();
  await rig.apply(sessionId, before);
  const { current, appliedBy } = lentSession(sessionId);
  const { applyId } = await rig.apply(sessionId, { ...next, idempotency: idempotency ?? null });
  Object.assign(lentSession(sessionId), { current, appliedBy });
  await rig.database.query(
    `UPDATE applies SET state = 'running', result = NULL, running_until = now() + $2::interval, files_written =
       json_build_object('${page}', encode(sha256('two'), 'hex'), 'new.txt', encode(sha256('new'), 'hex'))
     WHERE apply_id = $1`,
    [applyId, noticedIn],
  );
  return sessionId;
}
const notice = (sessionId: string) =>
  rig.database.query('UPDATE applies SET running_until = now() WHERE session_id = $1', [sessionId]);
const ended = (sessionId: string, expected: object) =>
  eventually(async () => expect(await newest(sessionId)).toMatchObject(expected), { timeoutMs: 30_000 });

describe('an apply whose executor died', () => {
  it('is taken back with its files, told of as failed, and its key is free', async () => {
    const idempotency = { key: newId(), digest: 'd' };
    const sessionId = await cutOff({ idempotency });
    await ended(sessionId, { state: 'failed', counts: null, reason: expect.stringContaining('was brought back') });
    expect(await contents(sessionId)).toBe('one');
    expect(servicesOf(sessionId)).toEqual(['web']);
    expect(lentSession(sessionId)).toMatchObject({ token: null, current: { folders: { html: 0 } } });
    const again = await rig.apply(sessionId, { ...next, idempotency });
    expect(again.objects).toContainEqual(expect.objectContaining({ name: page, action: 'changed' }));
  });

  it.each([
    [`printf mine > ${page}`, page, 'mine'],
    ['rm new.txt; mkdir new.txt', 'new.txt', 'onenew.txt\n'],
    ['truncate --size=2M new.txt', 'new.txt', 'onenew.txt\n'],
  ])('after `%s` takes away nothing that is there since then, and says what that is', async (command, path, left) => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    await shell(sessionId, command);
    await notice(sessionId);
    await ended(sessionId, { state: 'failed', reason: expect.stringContaining(`left alone: ${path}.`) });
    expect(await contents(sessionId)).toBe(left);
  });

  it('waits until its lease is over', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    lentSession(sessionId).token = 'of the dead';
    await notice(sessionId);
    await eventually(async () => {
      const { running_until: until } = await lastRow(sessionId);
      expect(until.getTime()).toBeGreaterThan(performance.timeOrigin + performance.now());
    });
    expect(await newest(sessionId)).toMatchObject({ state: 'running', reason: null });
    lentSession(sessionId).token = null;
    await ended(sessionId, { state: 'failed' });
  });

  it('is taken back before the next one, which comes first', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    const third = { type: 'compose', configuration: services('web'), files: { [page]: 'three' } } as const;
    const { applyId } = await rig.apply(sessionId, third);
    expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'finished' }, { state: 'failed' }, {}]);
    expect(await contents(sessionId)).toBe('three');
    await rig.rollback(sessionId, { applyId });
    expect(await contents(sessionId)).toBe('one');
  });

  it('is left alone when, before the session was had, another has ended it and the same was applied', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    const lent = lentSession(sessionId);
    lent.beforeBegin = async () => {
      lent.beforeBegin = () => Promise.resolve();
      const running = `session_id = $1 AND state = 'running'`;
      await rig.database.query(`UPDATE applies SET state = 'failed' WHERE ${running}`, [sessionId]);
      await rig.apply(sessionId, next);
    };
    await notice(sessionId);
    await eventually(() => expect(lent.outcomes).toMatchObject([{}, {}, { kind: 'applied' }, { kind: 'unchanged' }]));
    expect(await contents(sessionId)).toBe('twonew.txt\n');
  });

  it('has finished when the provisioner has committed it, and stays so under its key', async () => {
    const idempotency = { key: newId(), digest: 'd' };
    const sessionId = await cutOff({ noticedIn: '1 minute', idempotency });
    const { apply_id: applyId, model_after: current } = await lastRow(sessionId);
    Object.assign(lentSession(sessionId), { current, appliedBy: applyId });
    await notice(sessionId);
    await ended(sessionId, { state: 'finished', counts: null, reason: null });
    expect(await contents(sessionId)).toBe('twonew.txt\n');
    expect(await rig.apply(sessionId, { ...next, idempotency })).toMatchObject({ applyId });
    await rig.rollback(sessionId, { applyId });
    expect(await contents(sessionId)).toBe('one');
  });

  it('can be rolled back by hand when something is in the way', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    await shell(sessionId, 'rm html; touch html');
    await notice(sessionId);
    await ended(sessionId, { state: 'abandoned', reason: expect.stringContaining('html') });
    await shell(sessionId, 'rm html');
    const { applyId = '' } = (await newest(sessionId)) ?? {};
    await rig.rollback(sessionId, { applyId });
    expect(await contents(sessionId)).toBe('one');
  });

  it('is abandoned when what was before does not come up again, which is left to the provisioner', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    const broken = JSON.stringify(lentSession(sessionId).current).replace('"command":null', '"command":["/no/such"]');
    lentSession(sessionId).current = JSON.parse(broken);
    await notice(sessionId);
    await ended(sessionId, { state: 'abandoned', reason: expect.stringContaining('did not come up again') });
    expect(lentSession(sessionId).outcomes.at(-1)).toEqual({ kind: 'unsettled' });
  });

  it('is abandoned when its session has ended', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    rig.change(sessionId, { state: 'TERMINATED' });
    await rig.announceTermination(sessionId);
    await notice(sessionId);
    await ended(sessionId, { state: 'abandoned', reason: expect.stringContaining('its session has ended') });
  });

  it('leaves manifests as they are, and can be rolled back', async () => {
    const sessionId = await rig.aSession({ target: 'applying' });
    const { applyId } = await rig.apply(sessionId, {});
    lentSession(sessionId).appliedBy = null;
    await rig.database.query(`UPDATE applies SET state = 'running', running_until = now() WHERE apply_id = $1`, [
      applyId,
    ]);
    await ended(sessionId, { state: 'abandoned', reason: expect.stringContaining('stays') });
    await rig.rollback(sessionId, { applyId });
  });
});

describe('an apply that nobody could commit', () => {
  it('because its lease was lost is taken back', async () => {
    const sessionId = await rig.aSession();
    await rig.apply(sessionId, before);
    lentSession(sessionId).end = 'too late';
    await expect(rig.apply(sessionId, next)).rejects.toMatchObject({ kind: 'conflict' });
    lentSession(sessionId).end = 'answered';
    await ended(sessionId, { state: 'failed', reason: expect.stringContaining('was brought back') });
    expect(await contents(sessionId)).toBe('one');
    expect(servicesOf(sessionId)).toEqual(['web']);
  });

  it('so far as its executor knows has finished when it was', async () => {
    const sessionId = await rig.aSession();
    const idempotency = { key: newId(), digest: 'd' };
    lentSession(sessionId).end = 'unanswered';
    await expect(rig.apply(sessionId, { ...next, idempotency })).rejects.toMatchObject({ kind: 'unavailable' });
    lentSession(sessionId).end = 'answered';
    await ended(sessionId, { state: 'finished' });
    const counts = { created: 4, changed: 0, unchanged: 0, removed: 0, failed: 0 };
    const told = () => rig.appliedFacts.filter((fact) => fact.sessionId === sessionId);
    await eventually(() => expect(told()).toMatchObject([{ payload: { type: 'compose', counts } }]));
    expect(await contents(sessionId)).toBe('twonew.txt\n');
    await rig.apply(sessionId, { ...next, idempotency });
    expect((await rig.applies(sessionId)).items).toHaveLength(1);
  });
});

describe('an apply whose database goes away', () => {
  it('before it is remembered what there was changes nothing, and its key is free once that is known', async () => {
    const sessionId = await rig.aSession();
    await rig.apply(sessionId, before);
    const idempotency = { key: newId(), digest: 'd' };
    await refuseToStore(rig.database, `NEW.session_id = '${sessionId}'`, async () => {
      await expect(rig.apply(sessionId, { ...next, idempotency })).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await newest(sessionId)).toMatchObject({ state: 'running' });
    });
    expect(await contents(sessionId)).toBe('one');
    await notice(sessionId);
    await ended(sessionId, { state: 'failed', reason: expect.stringContaining('before it changed anything') });
    await rig.apply(sessionId, { ...next, idempotency });
  });

  it('when it has ended is answered truly, and found to have finished later', async () => {
    const sessionId = await rig.aSession();
    const condition = `NEW.session_id = '${sessionId}' AND NEW.state = 'finished'`;
    const { objects } = await refuseToStore(rig.database, condition, () => rig.apply(sessionId, next));
    expect(objects).toContainEqual(expect.objectContaining({ name: page, action: 'created' }));
    expect(await newest(sessionId)).toMatchObject({ state: 'running' });
    await notice(sessionId);
    await ended(sessionId, { state: 'finished', counts: null });
    expect(await contents(sessionId)).toBe('twonew.txt\n');
  });
});

describe('an executor that stops while it takes an apply back', () => {
  it('leaves that to another', async () => {
    const sessionId = await cutOff({ noticedIn: '1 minute' });
    rig.target.backend.faults.slowMilliseconds = 500;
    await notice(sessionId);
    await eventually(() => expect(lentSession(sessionId).token).not.toBeNull());
    await rig.executor.close();
    expect(lentSession(sessionId).token).toBeNull();
    expect(await lastRow(sessionId)).toMatchObject({ state: 'running' });
    rig.target.backend.faults.slowMilliseconds = 0;
    const another = await rig.startExecutor(newId());
    try {
      await ended(sessionId, { state: 'failed', reason: expect.stringContaining('brought back') });
      expect(await contents(sessionId)).toBe('one');
    } finally {
      await another.close();
    }
  });
});
