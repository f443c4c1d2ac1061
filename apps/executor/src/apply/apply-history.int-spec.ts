import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ExecutorRig, learner, startExecutorRig } from '../executor-rig.cases.js';
import { ApplyingTarget } from './applying-target.cases.js';

let rig: ExecutorRig;
const applying = new ApplyingTarget();
beforeAll(async () => {
  rig = await startExecutorRig([applying.target]);
});
afterAll(() => rig.stop());
beforeEach(() => {
  applying.gate = Promise.resolve();
});

const aCluster = () => rig.aSession({ target: 'applying' });

describe('the applies of a session', () => {
  it('are listed page by page, newest first, with who did what and what came of it', async () => {
    const sessionId = await aCluster();
    const first = await rig.apply(sessionId, {});
    await rig.apply(sessionId, { configuration: 'a: 1' }).catch(() => undefined);
    const teacher = anActor({ ownerId: 'teacher', role: 'instructor' });
    const last = await rig.rollback(sessionId, { applyId: first.applyId }, teacher);
    const { items, nextCursor } = await rig.applies(sessionId, { cursor: null, limit: 2 });
    const counts = { created: 0, changed: 0, unchanged: 0, removed: 0, failed: 0 };
    expect(items).toMatchObject([
      { applyId: last.applyId, actor: { ownerId: 'teacher', role: 'instructor' }, rollbackOf: first.applyId },
      { state: 'failed', counts: null, actor: { ownerId: learner.ownerId } },
    ]);
    const rest = await rig.applies(sessionId, { cursor: nextCursor, limit: 2 });
    expect(rest).toMatchObject({
      items: [{ applyId: first.applyId, type: 'yaml', state: 'finished', counts: { ...counts, created: 1 } }],
      nextCursor: null,
    });
    await expect(rig.applies(sessionId, { cursor: 'x', limit: 2 })).rejects.toMatchObject({ kind: 'invalid_input' });
    const somebody = anActor({ ownerId: 'somebody-else' });
    await expect(rig.applies(sessionId, undefined, somebody)).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('an idempotency key', () => {
  const idempotency = { key: 'k', digest: 'd' };

  it('applies once, and answers the same again', async () => {
    const sessionId = await aCluster();
    const { applyId, objects } = await rig.apply(sessionId, { idempotency });
    expect(objects).toMatchObject([{ action: 'created' }]);
    expect(await rig.apply(sessionId, { idempotency })).toMatchObject({ applyId, objects });
    expect((await rig.applies(sessionId)).items).toHaveLength(1);
    const other = { key: 'k', digest: 'other' };
    await expect(rig.apply(sessionId, { idempotency: other })).rejects.toMatchObject({ kind: 'unprocessable' });
    await rig.apply(await aCluster(), { idempotency: other });
  });

  it('says that the same request is under way, until it has ended', async () => {
    const sessionId = await aCluster();
    const { promise, resolve } = Promise.withResolvers<void>();
    applying.gate = promise;
    const running = rig.apply(sessionId, { idempotency });
    await eventually(async () => expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'running' }]));
    await expect(rig.apply(sessionId, { idempotency })).rejects.toMatchObject({
      kind: 'conflict',
      details: { applyId: expect.any(String) },
    });
    resolve();
    const { applyId } = await running;
    expect(await rig.apply(sessionId, { idempotency })).toMatchObject({ applyId });
  });

  it('of a file that was refused is free for another try', async () => {
    const sessionId = await aCluster();
    await expect(rig.apply(sessionId, { configuration: 'a: 1', idempotency })).rejects.toMatchObject({
      kind: 'unprocessable',
    });
    await rig.apply(sessionId, { idempotency: { key: 'k', digest: 'another' } });
  });

  it('rolls back once', async () => {
    const sessionId = await aCluster();
    const { applyId } = await rig.apply(sessionId, {});
    const back = await rig.rollback(sessionId, { applyId, idempotency });
    expect(await rig.rollback(sessionId, { applyId, idempotency })).toMatchObject({ applyId: back.applyId });
    expect((await rig.applies(sessionId)).items).toHaveLength(2);
  });
});
