import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';
import type { EngineEvent } from './engine-watch.js';

/** What the engine tells when a step of the creation has just been done. */
const steps: [step: string, Pick<EngineEvent, 'type' | 'action'>][] = [
  ['network', { type: 'network', action: 'create' }],
  ['volumes', { type: 'volume', action: 'create' }],
  ['create', { type: 'container', action: 'create' }],
  ['start', { type: 'container', action: 'start' }],
];

await describeJourney('a session whose provisioner is killed', (current) => {
  it.each(steps)('at the step %s is completed by the next one', async (_, { type, action }) => {
    const stack = current();
    const provisioner = stack.service('provisioner');
    const events = await stack.engine.events();
    try {
      const { id } = await stack.api.createSession({ workshopId: 'linux-basics' });
      await events.until((event) => event.type === type && event.action === action && event.name.includes(id));
      await provisioner.stop('SIGKILL');
      expect(await stack.left()).toContainEqual(expect.objectContaining({ kind: type }));
      await provisioner.start();
      await stack.reaching(id, 'READY');
      expect(await stack.left()).toHaveLength(8);
      await eventually(async () =>
        expect(await stack.api.execute(id, { command: 'true' })).toMatchObject({ exitCode: 0 }),
      );
      await stack.api.endSession(id);
      await stack.cleanReceipt(id);
    } finally {
      events.stop();
      await provisioner.start();
    }
  });

  it('when it is ready goes on as it is', async () => {
    const stack = current();
    const provisioner = stack.service('provisioner');
    const { id } = await stack.api.createSession({ workshopId: 'linux-basics' }, 60);
    await stack.api.execute(id, { command: 'touch mine' });
    const container = stack.engine.docker.getContainer(`nalabo-session-${id}`);
    const before = await container.inspect();
    await provisioner.stop('SIGKILL');
    await provisioner.start();
    await stack.reaching(id, 'READY');
    expect(await stack.api.execute(id, { command: 'ls' })).toMatchObject({ stdout: 'mine\n' });
    const after = await container.inspect();
    expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  });
});
