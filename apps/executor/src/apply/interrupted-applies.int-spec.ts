import { MemoryBackend } from '@nalabo/infrastructure-port';
import { newId } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ExecutorRig, startExecutorRig } from '../executor-rig.cases.js';
import { lentSession } from './lending-provisioner.cases.js';

/** Tells when a service has just been made. */
class WatchedBackend extends MemoryBackend {
  onService: (name: string) => void = () => undefined;

  override addObject(object: Parameters<MemoryBackend['addObject']>[0]): void {
    super.addObject(object);
    if (object.name.includes('-s-')) this.onService(object.name);
  }
}

const backend = new WatchedBackend();
let rig: ExecutorRig;
beforeAll(async () => {
  rig = await startExecutorRig([], backend);
});
afterAll(() => rig.stop());
beforeEach(() => {
  backend.onService = () => undefined;
  backend.faults.slowMilliseconds = 0;
});

const page = 'html/index.html';
const services = (...names: string[]): string =>
  `services:\n${names.map((name) => `  ${name}:\n    image: nginx:alpine\n    volumes: ["./html:/srv"]\n`).join('')}`;
const before = { type: 'compose', configuration: services('web'), files: { [page]: 'one' } } as const;
const next = { type: 'compose', configuration: services('app', 'other'), files: { [page]: 'two' } } as const;

async function aSessionWithServices(): Promise<string> {
  const sessionId = await rig.aSession();
  await rig.apply(sessionId, before);
  return sessionId;
}
const contents = async (sessionId: string): Promise<string> =>
  Buffer.from((await rig.run(sessionId, { command: ['cat', page] })).stdout, 'base64').toString();
const servicesOf = (sessionId: string) =>
  backend.allObjects().flatMap(({ name }) => name.split(`${sessionId}-s-`)[1] ?? []);

describe('an apply in whose middle NATS goes away', () => {
  it('is taken back once it is there again, and its key is free', async () => {
    const sessionId = await aSessionWithServices();
    const idempotency = { key: newId(), digest: 'd' };
    const { promise: halted, resolve } = Promise.withResolvers<void>();
    backend.onService = () => {
      backend.faults.slowMilliseconds = 2000;
      resolve(rig.nats.halt());
    };
    const answer = rig.apply(sessionId, { ...next, idempotency }).catch(() => undefined);
    await halted;
    // The executor has given up telling the provisioner, and left it to be looked after.
    const left = `SELECT 1 FROM applies WHERE session_id = $1 AND state = 'running' AND running_until < started_at + '14s'`;
    await eventually(async () => expect((await rig.database.query(left, [sessionId])).rows).toHaveLength(1), {
      timeoutMs: 30_000,
    });
    expect(servicesOf(sessionId)).toEqual(['app', 'other']);
    backend.onService = () => undefined;
    backend.faults.slowMilliseconds = 0;
    lentSession(sessionId).token = null;
    await rig.nats.resume();
    await eventually(
      async () => expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'failed' }, {}]),
      { timeoutMs: 30_000 },
    );
    expect([servicesOf(sessionId), await contents(sessionId)]).toEqual([['web'], 'one']);
    await rig.apply(sessionId, { ...next, idempotency });
    expect(await contents(sessionId)).toBe('two');
    await answer;
  });
});

describe('an apply that fails because its infrastructure goes away', () => {
  it('is brought back with its files once that is there again, and its key is free', async () => {
    const sessionId = await aSessionWithServices();
    const idempotency = { key: newId(), digest: 'd' };
    backend.onService = () => {
      backend.faults.unavailable = true;
    };
    const { objects } = await rig.apply(sessionId, { ...next, idempotency });
    expect(objects).toContainEqual(expect.objectContaining({ name: 'app', action: 'failed', unrestored: true }));
    expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'running' }, {}]);
    backend.onService = () => undefined;
    backend.faults.unavailable = false;
    await eventually(
      async () => expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'failed' }, {}]),
      { timeoutMs: 30_000 },
    );
    expect([servicesOf(sessionId), await contents(sessionId)]).toEqual([['web'], 'one']);
    await rig.apply(sessionId, { ...next, idempotency });
  });
});

describe('an apply that is taken back', () => {
  it('is brought back in the end though its infrastructure goes away in the middle of that', async () => {
    const sessionId = await aSessionWithServices();
    const { current, appliedBy } = lentSession(sessionId);
    const { applyId } = await rig.apply(sessionId, next);
    Object.assign(lentSession(sessionId), { current, appliedBy });
    backend.onService = () => {
      backend.faults.unavailable = true;
    };
    await rig.database.query(
      `UPDATE applies SET state = 'running', running_until = now(), files_written =
         json_build_object('${page}', encode(sha256('two'), 'hex')) WHERE apply_id = $1`,
      [applyId],
    );
    const tried = `SELECT 1 FROM applies WHERE apply_id = $1 AND state = 'running' AND restore_attempts > 0`;
    await eventually(async () => expect((await rig.database.query(tried, [applyId])).rows).toHaveLength(1), {
      timeoutMs: 30_000,
    });
    backend.onService = () => undefined;
    backend.faults.unavailable = false;
    await eventually(
      async () => expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'failed' }, {}]),
      { timeoutMs: 30_000 },
    );
    expect([servicesOf(sessionId), await contents(sessionId)]).toEqual([['web'], 'one']);
  });
});

describe('an apply whose executor stops in the middle', () => {
  it('is undone before that, told of, and can be tried again at another at once', async () => {
    const sessionId = await aSessionWithServices();
    const idempotency = { key: newId(), digest: 'd' };
    let stopped: Promise<void> | undefined;
    backend.onService = (name) => {
      if (!name.endsWith('-s-app')) return;
      // Otherwise the apply might end before the executor has begun to stop.
      backend.faults.slowMilliseconds = 300;
      stopped = rig.executor.close();
    };
    await expect(rig.apply(sessionId, { ...next, idempotency })).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfterSeconds: 2 },
    });
    await stopped;
    backend.faults.slowMilliseconds = 0;
    expect(servicesOf(sessionId)).toEqual(['web']);
    expect(lentSession(sessionId)).toMatchObject({ token: null, outcomes: [{}, { kind: 'unsettled' }] });
    const another = await rig.startExecutor(newId());
    try {
      await eventually(async () => expect(await contents(sessionId)).toBe('one'));
      expect((await rig.applies(sessionId)).items).toMatchObject([{ state: 'failed', reason: null }, {}]);
      await rig.apply(sessionId, { ...next, idempotency });
      expect(await contents(sessionId)).toBe('two');
    } finally {
      await another.close();
    }
  });
});

describe('an apply that waits until another is taken back', () => {
  it('is told of the restart when its executor stops', async () => {
    await rig.executor.close();
    const executor = await rig.startExecutor(newId());
    const sessionId = await eventually(aSessionWithServices);
    await rig.database.query(
      `UPDATE applies SET state = 'running', running_until = now() + interval '1 minute' WHERE session_id = $1`,
      [sessionId],
    );
    Object.assign(lentSession(sessionId), { current: null, appliedBy: null });
    backend.faults.slowMilliseconds = 500;
    const refused = expect(rig.apply(sessionId, next)).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfterSeconds: 2 },
    });
    await eventually(() => expect(lentSession(sessionId).token).not.toBeNull());
    await executor.close();
    await refused;
  });
});
