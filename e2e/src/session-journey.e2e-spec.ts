import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';

const expiryPatienceMilliseconds = 150_000;

await describeJourney('a session on Docker', (current) => {
  it('is created, used, measured, extended, expires, and leaves a clean receipt and nothing else', async () => {
    const stack = current();
    const alice = await stack.clientOf('alice');

    const created = await alice.createSession({ workshopId: 'linux-basics', duration: 1 }, 60);
    expect(created).toMatchObject({ state: 'READY', infrastructureType: 'docker', ownerId: 'alice' });
    expect(created.resources).toEqual({ cpu: '1000m', memory: '2Gi', storage: '10Gi' });
    expect(created.progress.map(({ step }) => step)).toEqual(['network', 'volumes', 'create', 'start', 'ready']);
    expect(await stack.left()).toHaveLength(8);
    const { id } = created;

    expect(await alice.execute(id, { command: 'echo kept > notes && id -un' })).toMatchObject({
      outcome: 'succeeded',
      exitCode: 0,
      stdout: 'learner\n',
    });
    expect(await alice.execute(id, { command: ['cat', 'notes'] })).toMatchObject({ stdout: 'kept\n' });

    const { limits, current: usage } = await alice.metrics(id);
    expect(limits).toEqual({ cpuMillicores: 1000, memoryBytes: 2 * 2 ** 30, storageBytes: 10 * 2 ** 30 });
    expect(usage?.memoryBytes).toBeGreaterThan(0);
    expect(usage?.processes).toBeGreaterThan(0);
    expect(await alice.health(id)).toMatchObject({ status: 'healthy', target: { reachable: true } });

    const extended = await alice.extendSession(id, 1);
    expect(Date.parse(extended.expiresAt)).toBeGreaterThan(Date.parse(created.expiresAt));

    const ended = await stack.reaching(id, 'TERMINATED', expiryPatienceMilliseconds);
    expect(ended.reason).toBe('expired');
    expect(Date.parse(ended.terminatedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(extended.expiresAt));
    const receipt = await stack.cleanReceipt(id);
    expect(receipt.removed).toHaveLength(8);
    expect(await stack.left()).toEqual([]);
    expect((await alice.send({ method: 'GET', path: `/api/workshops/sessions/${id}/executions` })).status).toBe(200);
  });

  it('takes the first documented request with everything in it', async () => {
    const stack = current();
    const session = await stack.api.createSession(
      {
        workshopId: 'linux-basics',
        infrastructureType: 'docker',
        duration: 240,
        resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' },
      },
      60,
    );
    expect(session).toMatchObject({ state: 'READY', resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' } });
    expect(await stack.api.execute(session.id, { command: 'kubectl get pods', timeout: 30_000 })).toMatchObject({
      outcome: 'failed',
      exitCode: 127,
    });
  });

  it('is removed when its owner ends it while it is being built', async () => {
    const stack = current();
    const events = await stack.engine.events();
    try {
      const { id } = await stack.api.createSession({ workshopId: 'linux-basics' });
      await events.until(({ type, name }) => type === 'network' && name.includes(id));
      await stack.api.endSession(id);
      expect(await stack.reaching(id, 'TERMINATED')).toMatchObject({ reason: 'requested' });
      await stack.cleanReceipt(id);
      expect(await stack.left()).toEqual([]);
    } finally {
      events.stop();
    }
  });

  it('expires although cleanup is dead, and gets its receipt when cleanup is back', async () => {
    const stack = current();
    await stack.service('cleanup').stop('SIGKILL');
    try {
      const { id } = await stack.api.createSession({ workshopId: 'linux-basics', duration: 1 }, 60);
      const ended = await stack.reaching(id, 'TERMINATED', expiryPatienceMilliseconds);
      expect(ended.reason).toBe('expired');
      expect(await stack.left()).toEqual([]);
      await stack.service('cleanup').start();
      await stack.cleanReceipt(id);
    } finally {
      await stack.service('cleanup').start();
    }
  });
});
