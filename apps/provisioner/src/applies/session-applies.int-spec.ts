import { type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import type { AppliedModel } from '@nalabo/infrastructure-port';
import { newId, type SessionId } from '@nalabo/kernel';
import { readCompose } from '@nalabo/policy';
import { eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alice, bob, type ProvisionerRig, startProvisionerRig } from '../provisioner-rig.cases.js';

const { beginApply, renewApply, endApply, deleteSession } = rpcs.provisioner;

type Outcome = RequestOf<typeof endApply>['outcome'];
type Begun = ReplyOf<typeof beginApply> & { readonly sessionId: string; readonly applyId: string };

let rig: ProvisionerRig;
beforeAll(async () => {
  rig = await startProvisionerRig();
});
afterEach(async () => {
  // What a test has left lent is nobody's any more.
  await rig.sql('update sessions set lease_until = now() where lease_until is not null');
  await rig.clear();
});
afterAll(() => rig.stop());

async function aReadySession(): Promise<string> {
  const { id } = await rig.create();
  await rig.reaching(id, 'READY');
  return id;
}
async function begin(sessionId: string, actor = alice): Promise<Begun> {
  const applyId = newId();
  return { ...(await rig.ask(beginApply, { sessionId, applyId }, actor)), sessionId, applyId };
}
const renew = ({ sessionId, token }: Begun) => rig.ask(renewApply, { sessionId, token });
const end = ({ sessionId, applyId, token }: Begun, outcome: Outcome) =>
  rig.ask(endApply, { sessionId, applyId, token, outcome });
const applied = (model: AppliedModel | null): Outcome => ({ kind: 'applied', model: model && { ...model } });
const rowOf = async (id: string): Promise<Record<string, unknown>> => {
  const [row] = await rig.sql<Record<string, unknown>[]>('select * from sessions where id = $1', [id]);
  return row ?? {};
};
/** The executor that has begun dies: nobody renews any more, and the time of the lease is over. */
const forsake = ({ sessionId }: Begun) =>
  rig.sql('update sessions set lease_until = now(), next_look_at = now() where id = $1', [sessionId]);

const limits = { cpuMillis: 500, memoryBytes: 2 ** 30, processes: 256 };

/** What a session holds that runs nginx under this name. */
function modelOf(service: string): AppliedModel {
  const text = `services: { ${service}: { image: "nginx:alpine" } }`;
  const read = readCompose(text, { images: ['nginx:alpine'], resources: limits, files: new Set() });
  if ('violations' in read) throw new Error(JSON.stringify(read.violations));
  return { type: 'compose', compose: read.model, folders: {} };
}
/** Does on the infrastructure what an executor does under its lease. */
async function carryOut(id: string, from: AppliedModel | null, to: AppliedModel): Promise<void> {
  const ref = { sessionId: id as SessionId, generation: 1 };
  const signal = AbortSignal.timeout(10_000);
  const model = { type: 'compose', compose: to.compose, files: new Map() } as const;
  const sessionLimits = { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 2 ** 30 };
  await rig.target.apply.apply(
    await rig.target.apply.plan(ref, { model, current: from, limits: sessionLimits }, signal),
    signal,
  );
}
async function servicesOf(id: string): Promise<readonly string[]> {
  const ref = { sessionId: id as SessionId, generation: 1 };
  const seen = await rig.target.observe.observe(ref, AbortSignal.timeout(5000));
  return seen.presence === 'present' ? seen.services.map(({ name }) => name) : [];
}

describe('a session that is lent to an apply', () => {
  it('comes with what it holds and the images of its workshop, and is lent to one at a time', async () => {
    const id = await aReadySession();
    const first = await begin(id);
    expect(first).toMatchObject({ leaseSeconds: 15, current: null, appliedBy: null, images: ['nginx:alpine'] });
    await expect(begin(id)).rejects.toMatchObject({
      kind: 'conflict',
      publicMessage: expect.stringContaining('being applied'),
    });
    expect(await renew(first)).toEqual({ held: true });
    const model = modelOf('web');
    expect(await end(first, applied(model))).toEqual({ committed: true });
    expect(await begin(id)).toMatchObject({ current: model, appliedBy: first.applyId });
  });

  it('is had when the provisioner has done its own work on it', async () => {
    const id = await aReadySession();
    rig.target.backend.faults.slowMilliseconds = 1000;
    await rig.sql('update sessions set next_look_at = now() where id = $1', [id]);
    await eventually(async () => expect((await rowOf(id))['lease_holder']).not.toBeNull());
    await begin(id);
  });

  it('is left alone by the provisioner, and looked after again when it comes back', async () => {
    const id = await aReadySession();
    const lent = await begin(id);
    await rig.target.backend.killWorkbench(id as SessionId);
    await rig.sql('update sessions set next_look_at = now() where id = $1', [id]);
    expect(await renew(lent)).toEqual({ held: true });
    expect(await rowOf(id)).toMatchObject({ restarts: 0 });
    await end(lent, { kind: 'unchanged' });
    await eventually(async () => expect(await rowOf(id)).toMatchObject({ restarts: 1 }));
  });

  it.each([
    ['deleted', (id: string) => rig.ask(deleteSession, { sessionId: id }), 'requested'],
    ['expired', (id: string) => rig.expireNow(id), 'expired'],
  ] as const)(
    'is not removed when it is %s before it comes back, and nothing of it is stored',
    async (_, stop, reason) => {
      const id = await aReadySession();
      const lent = await begin(id);
      await stop(id);
      expect(await renew(lent)).toEqual({ held: false });
      await rig.sql('update sessions set next_look_at = now() where id = $1', [id]);
      // Another session goes through all its states meanwhile: the loop works, only not on this one.
      await rig.ask(deleteSession, { sessionId: await aReadySession() });
      expect(await rowOf(id)).toMatchObject({ state: 'READY' });
      await carryOut(id, null, modelOf('web'));
      expect(await end(lent, applied(modelOf('web')))).toEqual({ committed: false });
      expect(await rowOf(id)).toMatchObject({ applied: null });
      expect(await rig.reaching(id, 'TERMINATED')).toMatchObject({ reason });
      const left = await rig.target.observe.list(AbortSignal.timeout(1000));
      expect(left.filter(({ sessionId }) => sessionId === id)).toEqual([]);
    },
  );

  it('is removed when the one who has it is dead and his time is over', async () => {
    const id = await aReadySession();
    const lent = await begin(id);
    await carryOut(id, null, modelOf('web'));
    await rig.ask(deleteSession, { sessionId: id });
    expect(await rowOf(id)).toMatchObject({ state: 'READY' });
    await forsake(lent);
    await rig.reaching(id, 'TERMINATED');
  });

  it.each([
    ['somebody else', async () => ({ id: await aReadySession(), actor: bob }), 'not_found'],
    ['its owner, when it is missing,', () => Promise.resolve({ id: 'a'.repeat(26), actor: alice }), 'not_found'],
    [
      'its owner, when it has ended,',
      async () => {
        const id = await aReadySession();
        await rig.ask(deleteSession, { sessionId: id });
        await rig.reaching(id, 'TERMINATED');
        return { id, actor: alice };
      },
      'gone',
    ],
  ] as const)('is not had by %s', async (_, prepare, kind) => {
    const { id, actor } = await prepare();
    await expect(begin(id, actor)).rejects.toMatchObject({ kind });
  });
});

describe('what was applied', () => {
  it('is told once more when the answer was lost, and not by whoever has lost the session', async () => {
    const id = await aReadySession();
    const lent = await begin(id);
    expect(await end(lent, applied(modelOf('web')))).toEqual({ committed: true });
    expect(await end(lent, applied(modelOf('web')))).toEqual({ committed: true });
    const late = { ...lent, applyId: newId() };
    expect(await end(late, applied(modelOf('other')))).toEqual({ committed: false });
    expect(await renew(late)).toEqual({ held: false });
    expect(await rowOf(id)).toMatchObject({ applied: modelOf('web'), applied_by: lent.applyId, unsettled_by: null });
  });

  it('is there again after a restart of the workbench', async () => {
    const id = await aReadySession();
    await end(await begin(id), applied(modelOf('web')));
    expect(await servicesOf(id)).toEqual([]);
    await rig.target.backend.removeWorkbench(id as SessionId);
    await rig.sql('update sessions set next_look_at = now() where id = $1', [id]);
    await eventually(async () => expect(await servicesOf(id)).toEqual(['web']));
    expect(await rig.get(id)).toMatchObject({ state: 'READY' });
  });

  it('is restored when an executor dies in the middle of the next apply', async () => {
    const id = await aReadySession();
    const lent = await begin(id);
    await carryOut(id, null, modelOf('web'));
    await end(lent, applied(modelOf('web')));
    const next = await begin(id);
    await carryOut(id, modelOf('web'), modelOf('other'));
    expect(await servicesOf(id)).toEqual(['other']);
    await forsake(next);
    await eventually(async () => expect(await servicesOf(id)).toEqual(['web']));
    await eventually(async () => expect(await rowOf(id)).toMatchObject({ unsettled_by: null }));
    expect(await rig.get(id)).toMatchObject({ state: 'READY', lastError: null });
    expect(await begin(id)).toMatchObject({ current: modelOf('web') });
  });

  it('is restored when an apply could not be undone', async () => {
    const id = await aReadySession();
    const lent = await begin(id);
    await carryOut(id, null, modelOf('web'));
    await end(lent, { kind: 'unsettled' });
    await eventually(async () => expect(await servicesOf(id)).toEqual([]));
  });

  it('is tried to be restored for as long as it takes, which no apply that changes nothing ends', async () => {
    const id = await aReadySession();
    const lent = await begin(id);
    await carryOut(id, null, modelOf('web'));
    rig.target.backend.faults.failEnsureAtStep = 'ready';
    await end(lent, { kind: 'unsettled' });
    await eventually(async () => expect(await rowOf(id)).toMatchObject({ last_error: expect.any(String) }));
    await end(await begin(id), { kind: 'unchanged' });
    expect(await rowOf(id)).toMatchObject({ state: 'READY', restarts: 0, unsettled_by: lent.applyId });
    rig.target.backend.faults.failEnsureAtStep = null;
    await eventually(async () => expect(await rowOf(id)).toMatchObject({ unsettled_by: null, last_error: null }));
    expect(await servicesOf(id)).toEqual([]);
  });
});
