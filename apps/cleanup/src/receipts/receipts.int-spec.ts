import { facts } from '@nalabo/contracts';
import { newSessionId } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { anActor, eventually } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromNow, removed } from '../fake-platform.cases.js';
import { RealCleanup } from '../real-cleanup.cases.js';
import { ReceiptStore } from './receipt.store.js';
import { VerificationLoop } from './verification-loop.js';

const volume = { kind: 'volume', name: 'nalabo-session-f0' };
const network = { kind: 'network', name: 'nalabo-session' };
const endedAt = fromNow(0);
let cleanup: RealCleanup;
let replica: INestApplication;

const requested = (sessionId: string): Promise<void> =>
  cleanup.publish(facts.sessionRequested, sessionId, {
    ownerId: 'alice',
    workshopId: 'first-steps',
    target: 'local-docker',
    expiresAt: fromNow(3_600_000),
    expiryVersion: 1,
  });

const terminated = (sessionId: string): Promise<void> =>
  cleanup.publish(facts.sessionTerminated, sessionId, {
    ownerId: 'alice',
    target: 'local-docker',
    reason: 'expired',
    endedAt,
    removed: [removed],
  });

/** Brings the next look forward instead of waiting for it. */
const lookNow = async (sessionId: string): Promise<void> => {
  await cleanup.sql('UPDATE receipts SET next_verification_at = now() WHERE session_id = $1', [sessionId]);
  replica.get(VerificationLoop).wake();
};

const countLeaks = (): Promise<number> =>
  replica.get(Transaction).run((manager) => replica.get(ReceiptStore).countLeaks(manager));

const untilTold = (sessionId: string, types: string[]): Promise<void> =>
  eventually(() => expect(cleanup.platform.toldOf(sessionId).map(({ type }) => type)).toEqual(types));

beforeAll(async () => {
  cleanup = await RealCleanup.start();
  replica = await cleanup.startReplica();
});
afterAll(() => cleanup.stop());

describe('a receipt', () => {
  it('is clean when the monitor finds nothing left', async () => {
    const sessionId = newSessionId();
    await terminated(sessionId);
    await untilTold(sessionId, ['session.verified']);
    expect(await cleanup.receipt(sessionId)).toEqual({
      sessionId,
      reason: 'expired',
      endedAt,
      removed: [removed],
      verified: { at: expect.any(String) as string, left: [] },
      clean: true,
    });
  });

  it('tells of a leak once for each change of what is left, and is clean when it has gone', async () => {
    const sessionId = newSessionId();
    const show = async (left: (typeof volume)[]): Promise<void> => {
      cleanup.platform.left.set(sessionId, left);
      await lookNow(sessionId);
    };
    cleanup.platform.left.set(sessionId, [volume, network]);
    await terminated(sessionId);
    await untilTold(sessionId, ['session.leaked']);
    expect(await cleanup.receipt(sessionId)).toMatchObject({ verified: { left: [volume, network] }, clean: false });
    expect(await countLeaks()).toBe(1);

    const attempts = async (): Promise<unknown> =>
      cleanup.sql('SELECT attempts FROM receipts WHERE session_id = $1', [sessionId]);
    await show([network, volume]);
    await eventually(async () => expect(await attempts()).toEqual([{ attempts: 2 }]));
    await show([volume]);
    await untilTold(sessionId, ['session.leaked', 'session.leaked']);
    expect(cleanup.platform.toldOf(sessionId)[1]?.payload).toMatchObject({ left: [volume] });

    await show([]);
    await untilTold(sessionId, ['session.leaked', 'session.leaked', 'session.verified']);
    expect(await cleanup.receipt(sessionId)).toMatchObject({ verified: { left: [] }, clean: true });
    expect(await countLeaks()).toBe(0);
  });

  it('is not verified while the monitor cannot look', async () => {
    const sessionId = newSessionId();
    cleanup.platform.isMonitorAway = true;
    await terminated(sessionId);
    await eventually(async () =>
      expect(
        await cleanup.sql('SELECT 1 FROM receipts WHERE session_id = $1 AND attempts > 0', [sessionId]),
      ).toHaveLength(1),
    );
    expect(await cleanup.receipt(sessionId)).toMatchObject({ verified: null, clean: false });
    expect(await countLeaks()).toBe(0);
    cleanup.platform.isMonitorAway = false;
    await eventually(async () => expect((await cleanup.receipt(sessionId)).clean).toBe(true));
  });

  it('stays when the news of the creation come after the end', async () => {
    const sessionId = newSessionId();
    await terminated(sessionId);
    await untilTold(sessionId, ['session.verified']);
    await requested(sessionId);
    const later = newSessionId();
    await requested(later);
    const deadlineOf = (id: string) => cleanup.sql('SELECT 1 FROM deadlines WHERE session_id = $1', [id]);
    await eventually(async () => expect(await deadlineOf(later)).toHaveLength(1));
    expect(await deadlineOf(sessionId)).toEqual([]);
  });

  it('is refused as not found to strangers, and shown to instructors', async () => {
    const alive = cleanup.platform.add().sessionId;
    const ended = newSessionId();
    await terminated(ended);
    await eventually(() => cleanup.receipt(ended));
    const bob = anActor({ ownerId: 'bob' });
    for (const sessionId of [alive, ended, newSessionId()]) {
      await expect(cleanup.receipt(sessionId, bob)).rejects.toMatchObject({ kind: 'not_found' });
    }
    const instructor = anActor({ ownerId: 'ines', role: 'instructor' });
    expect((await cleanup.receipt(ended, instructor)).sessionId).toBe(ended);
  });

  it('is a conflict from the creation on until it is written, whatever facts have come', async () => {
    const { sessionId } = cleanup.platform.add();
    await expect(cleanup.receipt(sessionId)).rejects.toMatchObject({ kind: 'conflict', details: {} });
    cleanup.platform.change(sessionId, { state: 'TERMINATED' });
    await expect(cleanup.receipt(sessionId)).rejects.toMatchObject({
      kind: 'conflict',
      details: { retryAfterSeconds: 1 },
    });
    await terminated(sessionId);
    await eventually(() => cleanup.receipt(sessionId));
  });

  it('is unavailable while the provisioner is away, unless it is written', async () => {
    const ended = newSessionId();
    await terminated(ended);
    await eventually(() => cleanup.receipt(ended));
    cleanup.platform.isProvisionerAway = true;
    await expect(cleanup.receipt(newSessionId())).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await cleanup.receipt(ended)).sessionId).toBe(ended);
    cleanup.platform.isProvisionerAway = false;
  });
});
