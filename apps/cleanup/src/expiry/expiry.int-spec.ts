import { facts } from '@nalabo/contracts';
import { newId, newSessionId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fromNow, type FakeSession } from '../fake-platform.cases.js';
import { RealCleanup } from '../real-cleanup.cases.js';

let cleanup: RealCleanup;

const requested = ({ sessionId, ownerId, target, expiresAt, expiryVersion }: FakeSession, id?: string): Promise<void> =>
  cleanup.publish(
    facts.sessionRequested,
    sessionId,
    { ownerId, workshopId: 'first-steps', target, expiresAt, expiryVersion },
    id,
  );

const extended = ({ sessionId, expiresAt, expiryVersion }: FakeSession): Promise<void> =>
  cleanup.publish(facts.sessionExtended, sessionId, { expiresAt, expiryVersion });

const untilVersion = (sessionId: string, version: number): Promise<void> =>
  eventually(async () => {
    const rows = await cleanup.sql('SELECT expiry_version AS version FROM deadlines WHERE session_id = $1', [
      sessionId,
    ]);
    expect(rows).toEqual([{ version }]);
  });

const untilAsked = (sessionId: string): Promise<void> =>
  eventually(() => expect(cleanup.platform.endRequestsOf(sessionId)).not.toHaveLength(0));

/** A replica at work: it has read what there is, so that its next read comes a minute later, and it hears the facts. */
const startReplica = async (): Promise<void> => {
  const read = cleanup.platform.add();
  const told = { ...read, sessionId: newSessionId() };
  await cleanup.startReplica();
  await untilVersion(read.sessionId, 1);
  await requested(told);
  await untilVersion(told.sessionId, 1);
};

beforeAll(async () => {
  cleanup = await RealCleanup.start();
});
afterEach(async () => {
  await cleanup.stopReplicas();
  cleanup.platform.sessions.clear();
  cleanup.platform.beforeEnd = () => undefined;
});
afterAll(() => cleanup.stop());

describe('expiry', () => {
  it('is asked for promptly and once', async () => {
    await startReplica();
    const session = cleanup.platform.add({ expiresAt: fromNow(2_000) });
    const id = newId();
    await requested(session, id);
    await requested(session, id);
    await untilAsked(session.sessionId);
    const delayMs = (cleanup.platform.endRequests.at(-1)?.at.getTime() ?? 0) - Date.parse(session.expiresAt);
    expect(delayMs).toBeGreaterThanOrEqual(0);
    // A replica that did not know the moment would look three seconds after it: five after the last news.
    expect(delayMs).toBeLessThan(2_000);
    await eventually(async () =>
      expect(
        await cleanup.sql('SELECT state, next_attempt_at AS "next" FROM deadlines WHERE session_id = $1', [
          session.sessionId,
        ]),
      ).toEqual([{ state: 'TERMINATING', next: null }]),
    );
    expect(cleanup.platform.endRequestsOf(session.sessionId)).toEqual([1]);
  });

  it('moves with an extension, and an older version that comes late does not bring it back', async () => {
    await startReplica();
    const first = cleanup.platform.add({ expiresAt: fromNow(5_000) });
    await requested(first);
    await untilVersion(first.sessionId, 1);
    const second = { ...first, expiresAt: fromNow(7_000), expiryVersion: 2 };
    cleanup.platform.change(first.sessionId, second);
    await extended(second);
    await extended(first);
    await requested(first);
    await untilAsked(first.sessionId);
    expect(cleanup.platform.endRequestsOf(first.sessionId)).toEqual([2]);
  });

  it('is read again when the news of an extension were lost', async () => {
    await startReplica();
    const session = cleanup.platform.add({ expiresAt: fromNow(-1_000) });
    // No read can have seen the extension before the end is asked for.
    cleanup.platform.beforeEnd = (sessionId) =>
      cleanup.platform.change(sessionId, { expiresAt: fromNow(3_600_000), expiryVersion: 2 });
    await requested(session);
    await untilVersion(session.sessionId, 2);
    // A slow read lets the first version be tried again, and the second is far from due.
    expect(new Set(cleanup.platform.endRequestsOf(session.sessionId))).toEqual(new Set([1]));
  });

  it('is read when an extension comes before the creation', async () => {
    await cleanup.startReplica();
    const session = cleanup.platform.add({ expiryVersion: 2 });
    await extended(session);
    await untilVersion(session.sessionId, 2);
  });

  it('is shared by two replicas that meet 100 due sessions', async () => {
    const sessions = Array.from({ length: 100 }, () => cleanup.platform.add({ expiresAt: fromNow(-60_000) }));
    await Promise.all([cleanup.startReplica(), cleanup.startReplica()]);
    for (const { sessionId } of sessions) await untilAsked(sessionId);
    await cleanup.stopReplicas();
    for (const { sessionId } of sessions) expect(cleanup.platform.endRequestsOf(sessionId)).toEqual([1]);
  });

  it('goes on when NATS comes back after an outage', async () => {
    await cleanup.startReplica();
    const session = cleanup.platform.add();
    await requested(session);
    await untilVersion(session.sessionId, 1);
    await cleanup.nats.halt();
    cleanup.platform.change(session.sessionId, { expiresAt: fromNow(-1) });
    await cleanup.sql('UPDATE deadlines SET next_attempt_at = now() WHERE session_id = $1', [session.sessionId]);
    const attempts = 'SELECT attempts > 1 AS several FROM deadlines WHERE session_id = $1';
    await eventually(async () => expect(await cleanup.sql(attempts, [session.sessionId])).toEqual([{ several: true }]));
    await cleanup.nats.resume();
    await untilAsked(session.sessionId);
    expect(cleanup.platform.endRequestsOf(session.sessionId)).toEqual([1]);
    const later = cleanup.platform.add();
    await requested(later);
    await untilVersion(later.sessionId, 1);
  });
});
