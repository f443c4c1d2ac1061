import { facts } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromNow, type FakeSession } from '../fake-platform.cases.js';
import { RealCleanup } from '../real-cleanup.cases.js';
import { RereadLoop } from '../reread/reread-loop.js';

let cleanup: RealCleanup;

beforeAll(async () => {
  cleanup = await RealCleanup.start();
});
afterEach(async () => {
  await cleanup.stopReplicas();
  cleanup.platform.failingCursor = undefined;
  cleanup.platform.pageSize = 50;
});
afterAll(() => cleanup.stop());

const requested = ({ sessionId, ownerId, target, expiresAt, expiryVersion }: FakeSession, id?: string): Promise<void> =>
  cleanup.publish(
    facts.sessionRequested,
    sessionId,
    { ownerId, workshopId: 'first-steps', target, expiresAt, expiryVersion },
    id,
  );

const versionOf = async (sessionId: string): Promise<number | undefined> => {
  const statement = 'SELECT expiry_version AS version FROM deadlines WHERE session_id = $1';
  return (await cleanup.sql<{ version: number }[]>(statement, [sessionId]))[0]?.version;
};

const knowing = (session: FakeSession): Promise<void> =>
  eventually(async () => expect(await versionOf(session.sessionId)).toBe(session.expiryVersion));

describe('expiry', () => {
  it('is asked for promptly and once', async () => {
    await cleanup.startReplica();
    const session = cleanup.platform.add({ expiresAt: fromNow(1_500) });
    const id = newId();
    await requested(session, id);
    await requested(session, id);
    const end = await eventually(() => {
      const found = cleanup.platform.endRequests.find(({ sessionId }) => sessionId === session.sessionId);
      if (!found) throw new Error('the end was not asked for');
      return found;
    });
    const delayMs = end.at.getTime() - new Date(session.expiresAt).getTime();
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(delayMs).toBeLessThan(1_000);
    await cleanup.publish(facts.sessionTerminated, session.sessionId, {
      ownerId: 'alice',
      target: session.target,
      reason: 'expired',
      endedAt: fromNow(0),
      removed: [],
    });
    await eventually(async () => expect((await cleanup.receipt(session.sessionId)).clean).toBe(true));
    expect(cleanup.platform.endRequestsOf(session.sessionId)).toEqual([1]);
  });

  it('goes by the extension, which wins over an old version whatever comes first', async () => {
    await cleanup.startReplica();
    const session = cleanup.platform.add({ expiresAt: fromNow(60_000), expiryVersion: 2 });
    await knowing(session).catch(() => undefined);
  });
});
