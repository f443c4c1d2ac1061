import { eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromNow, removed } from '../fake-platform.cases.js';
import { RealCleanup } from '../real-cleanup.cases.js';
import { RereadLoop } from './reread-loop.js';

const day = 86_400_000;
let cleanup: RealCleanup;

const knownIds = async (): Promise<string[]> => {
  const rows = await cleanup.sql<{ id: string }[]>('SELECT session_id AS id FROM deadlines ORDER BY session_id');
  return rows.map(({ id }) => id);
};

beforeAll(async () => {
  cleanup = await RealCleanup.start();
});
afterEach(async () => {
  await cleanup.stopReplicas();
  cleanup.platform.sessions.clear();
  cleanup.platform.failingCursor = undefined;
});
afterAll(() => cleanup.stop());

describe('the re-read', () => {
  it('learns at the start what no fact told, over many pages', async () => {
    const { platform } = cleanup;
    platform.pageSize = 2;
    const alive = Array.from({ length: 5 }, () => platform.add());
    const ended = platform.add({
      state: 'TERMINATED',
      ended: { at: fromNow(-1_000), reason: 'requested', removed: [removed] },
    });
    await cleanup.startReplica();
    await eventually(async () => expect(await knownIds()).toEqual(alive.map(({ sessionId }) => sessionId).toSorted()));
    await eventually(async () =>
      expect(await cleanup.receipt(ended.sessionId)).toMatchObject({
        reason: 'requested',
        removed: [removed],
        clean: true,
      }),
    );
  });

  it('drops nothing while a page is missing, and then only what ended long ago', async () => {
    const { platform } = cleanup;
    platform.pageSize = 1;
    const old = platform.add({ expiresAt: fromNow(-2 * day), state: 'TERMINATING' });
    const young = platform.add({ expiresAt: fromNow(-1_000), state: 'TERMINATING' });
    const replica = await cleanup.startReplica();
    await eventually(async () =>
      expect(await knownIds()).toEqual(expect.arrayContaining([old.sessionId, young.sessionId])),
    );

    platform.sessions.clear();
    const [first, second] = [platform.add(), platform.add()].toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
    if (!first || !second) throw new Error('two sessions were added');
    platform.failingCursor = first.sessionId;
    replica.get(RereadLoop).wake();
    await eventually(async () => expect(await knownIds()).toContain(first.sessionId));
    expect(await knownIds()).toContain(old.sessionId);

    platform.failingCursor = undefined;
    await eventually(async () => expect(await knownIds()).toContain(second.sessionId));
    await eventually(async () => expect(await knownIds()).not.toContain(old.sessionId));
    expect(await knownIds()).toContain(young.sessionId);
  });

  it('removes receipts after 90 days', async () => {
    const { platform } = cleanup;
    const end = (at: string) => ({ at, reason: 'requested' as const, removed: [] });
    const old = platform.add({ state: 'TERMINATED', ended: end(fromNow(-91 * day)) });
    const kept = platform.add({ state: 'TERMINATED', ended: end(fromNow(-89 * day)) });
    await cleanup.startReplica();
    await eventually(() => cleanup.receipt(kept.sessionId));
    const rows = () => cleanup.sql('SELECT 1 FROM receipts WHERE session_id = $1', [old.sessionId]);
    await eventually(async () => expect(await rows()).toEqual([]));
  });
});
