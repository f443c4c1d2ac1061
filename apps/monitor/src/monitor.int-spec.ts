import { type MetricsView, rpcs } from '@nalabo/contracts';
import { newSessionId } from '@nalabo/kernel';
import { Database } from '@nalabo/persistence';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MonitorRig, startMonitorRig } from './monitor-rig.cases.js';
import { OrphanCount } from './orphans/orphan-count.js';
import { TargetLeases } from './targets/target-leases.js';

const { sessionMetrics, sessionHealth, verifyAbsence, targetHealth } = rpcs.monitor;

let rig: MonitorRig;
beforeAll(async () => {
  rig = await startMonitorRig();
});
afterEach(() => {
  Object.assign(rig.target.backend.faults, { unavailable: false, listFails: false });
});
afterAll(() => rig.stop());

const metricsOf = (sessionId: string): Promise<MetricsView> => rig.ask(sessionMetrics, { sessionId });
/** The target is sampled every ten seconds, and a lease that was lost is free after thirty. */
const untilSampled = { timeoutMs: 45_000, intervalMs: 200 };

describe('the metrics of a session', () => {
  it('are read from the target when no sample is there yet, without a rate', async () => {
    const sessionId = await rig.aSession();
    rig.target.backend.reportUsage(sessionId, { cpuSecondsTotal: 3, memoryBytes: 4096 });
    const metrics = await metricsOf(sessionId);
    expect(metrics).toMatchObject({ sessionId, limits: { cpuMillicores: 1000 }, unavailableReason: null });
    expect(metrics.current).toMatchObject({ cpuSecondsTotal: 3, memoryBytes: 4096, cpuMillicores: null, processes: 1 });
  });

  it('have a history and a rate once the target was sampled', async () => {
    const sessionId = await rig.aSession();
    rig.target.backend.reportUsage(sessionId, { cpuSecondsTotal: 1 });
    await rig.sample();
    // As if that had been ten seconds ago.
    const backdate = "UPDATE usage_samples SET at = at - interval '10 seconds' WHERE session_id = $1";
    await rig.database.query(backdate, [sessionId]);
    rig.target.backend.reportUsage(sessionId, { cpuSecondsTotal: 2 });
    const fresh = await metricsOf(sessionId);
    await rig.sample();
    const kept = await metricsOf(sessionId);
    expect([fresh.history.length, kept.history.length]).toEqual([1, 2]);
    expect(kept.current).toEqual(kept.history[1]);
    for (const { current } of [fresh, kept]) {
      expect(current?.cpuMillicores).toBeGreaterThan(50);
      expect(current?.cpuMillicores).toBeLessThanOrEqual(100);
    }
  });

  it('say why there are none, and are no error', async () => {
    const sessionId = await rig.aSession();
    await rig.target.backend.killWorkbench(sessionId);
    expect(await metricsOf(sessionId)).toMatchObject({
      current: null,
      unavailableReason: 'the workbench is not running',
    });
    rig.target.backend.faults.unavailable = true;
    const { current, unavailableReason } = await metricsOf(sessionId);
    expect({ current, unavailableReason }).toEqual({ current: null, unavailableReason: expect.stringMatching(/\w/) });
  });

  it('of an ended session are its history, for its owner', async () => {
    const sessionId = await rig.aSession();
    await rig.sample();
    await rig.endSession(sessionId, 0);
    const metrics = await metricsOf(sessionId);
    expect(metrics).toMatchObject({ current: null, unavailableReason: 'the session has ended' });
    expect(metrics.history.length).toBeGreaterThan(0);
  });
});

describe('a foreign session', () => {
  it.each([sessionMetrics, sessionHealth])('answers $type as if it were missing', async (rpc) => {
    const stranger = anActor({ ownerId: 'somebody-else' });
    const ids = [await rig.aSession(), newSessionId()];
    for (const sessionId of ids) {
      await expect(rig.ask(rpc, { sessionId }, stranger)).rejects.toMatchObject({ kind: 'not_found' });
    }
  });

  it('is shown to an instructor', async () => {
    const instructor = anActor({ ownerId: 'teacher', role: 'instructor' });
    const sessionId = await rig.aSession();
    expect(await rig.ask(sessionHealth, { sessionId }, instructor)).toMatchObject({ status: 'healthy' });
  });
});

describe('the health of a session', () => {
  const healthOf = async (sessionId: string) => rig.ask(sessionHealth, { sessionId });

  it('is what its target shows at this moment', async () => {
    const sessionId = await rig.aSession();
    expect(await healthOf(sessionId)).toMatchObject({ status: 'healthy', target: { name: 'memory', reachable: true } });
    await rig.target.backend.killWorkbench(sessionId);
    expect(await healthOf(sessionId)).toMatchObject({ status: 'degraded', reason: expect.stringContaining('137') });
    await rig.endSession(sessionId, 0);
    expect(await healthOf(sessionId)).toMatchObject({ status: 'absent' });
  });

  it('names the services beside the workbench, and metrics count them', async () => {
    const sessionId = await rig.aSession();
    for (const service of ['web', 'app']) rig.addService(sessionId, service);
    const running = { state: 'running', health: null, exitCode: null };
    const { services } = await healthOf(sessionId);
    expect(services).toEqual([
      { name: 'app', ...running },
      { name: 'web', ...running },
    ]);
    expect((await metricsOf(sessionId)).current).toMatchObject({ processes: 3 });
  });

  it('is unknown when its target is away or no longer configured', async () => {
    const [sessionId, moved] = [await rig.aSession(), await rig.aSession({ target: 'elsewhere' })];
    rig.target.backend.faults.unavailable = true;
    expect(await healthOf(sessionId)).toMatchObject({
      status: 'unknown',
      target: { name: 'memory', reachable: false },
    });
    expect(await healthOf(moved)).toMatchObject({ status: 'unknown', target: { name: 'elsewhere', reachable: false } });
  });
});

describe('the verification of an end', () => {
  it('names what is left, and nothing when all is gone', async () => {
    const sessionId = await rig.aSession();
    await rig.aSession();
    const before = await rig.ask(verifyAbsence, { sessionId, target: 'memory' });
    expect(before.left).toContainEqual({ kind: 'container', name: `nalabo-session-${sessionId}` });
    expect(before.left.every(({ name }) => name.includes(sessionId))).toBe(true);
    await rig.endSession(sessionId, 0);
    expect(await rig.ask(verifyAbsence, { sessionId, target: 'memory' })).toMatchObject({ left: [] });
  });

  it('fails when the target cannot be listed', async () => {
    rig.target.backend.faults.listFails = true;
    const request = { sessionId: newSessionId(), target: 'memory' };
    await expect(rig.ask(verifyAbsence, request)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('the health of the targets', () => {
  it('follows what the probe finds', async () => {
    const found = async () => (await rig.ask(targetHealth, {})).items;
    // A pass may have come while a test before had the target switched off.
    await eventually(async () => {
      expect(await found()).toMatchObject([{ name: 'memory', reachable: true, version: 'memory', reason: null }]);
    }, untilSampled);
    rig.target.backend.faults.unavailable = true;
    await eventually(async () => {
      expect(await found()).toMatchObject([{ name: 'memory', reachable: false, version: null }]);
    }, untilSampled);
  });
});

describe('orphans', () => {
  it('are objects of unknown sessions and of sessions that ended long ago, and nothing is done to them', async () => {
    const orphans = rig.monitor.get(OrphanCount);
    const listed = async (sessionId: string) => (await rig.ask(verifyAbsence, { sessionId, target: 'memory' })).left;
    const before = await orphans.count('memory');
    const [unknown, longEnded, justEnded] = [await rig.aSession(), await rig.aSession(), await rig.aSession()];
    rig.forget(unknown);
    await rig.endSession(longEnded, 11, true);
    await rig.endSession(justEnded, 1, true);
    const expected = [...(await listed(unknown)), ...(await listed(longEnded))].length;
    expect(await orphans.count('memory')).toBe(before + expected);
    expect(await listed(unknown)).not.toEqual([]);
  });
});

describe('two monitors', () => {
  it('watch a target one at a time, and the second takes over when the first ends', async () => {
    const second = await rig.startMonitor();
    await second.get(Database).whenOpen();
    const watched = () => second.get(TargetLeases).current();
    try {
      await second.get(TargetLeases).refresh();
      expect(watched()).toEqual([]);
      await rig.monitor.close();
      // Its own watch refreshes the leases, too: of two at the same moment only one gets the target.
      await eventually(async () => {
        await second.get(TargetLeases).refresh();
        expect(watched()).toMatchObject([{ key: 'memory' }]);
      }, untilSampled);
    } finally {
      await second.close();
    }
  });
});
