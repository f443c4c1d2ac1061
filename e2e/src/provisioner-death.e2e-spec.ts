import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';
import type { EngineEvent } from './engine-watch.js';
import type { JourneyStack } from './journey-stack.js';

/** What the engine tells when a step of the creation has just been done. */
const steps: readonly Pick<EngineEvent, 'type' | 'action'>[] = [
  { type: 'network', action: 'create' },
  { type: 'volume', action: 'create' },
  { type: 'container', action: 'create' },
  { type: 'container', action: 'start' },
];

/** The dead provisioner's claim on a session has to run out first. */
const recoveryMilliseconds = 120_000;

/** Kills the provisioner right after the step, starts the next one, and gives the session that was being built. */
async function killAtStep(stack: JourneyStack, { type, action }: (typeof steps)[number]): Promise<string> {
  const provisioner = stack.service('provisioner');
  const events = await stack.engine.events();
  try {
    const { id } = await stack.api.createSession({ workshopId: 'linux-basics' });
    await events.until((event) => event.type === type && event.action === action && event.name.includes(id));
    await provisioner.stop('SIGKILL');
    const left = (await stack.left()).filter(({ name }) => name.includes(id));
    expect(left).toContainEqual(expect.objectContaining({ kind: type }));
    return id;
  } finally {
    events.stop();
    await provisioner.start();
  }
}

await describeJourney('a session whose provisioner is killed', (current) => {
  it('at any step of its creation is completed by the next one', async () => {
    const stack = current();
    const ids: string[] = [];
    for (const step of steps) ids.push(await killAtStep(stack, step));
    for (const id of ids) {
      await stack.reaching(id, 'READY', recoveryMilliseconds);
      expect(await stack.api.execute(id, { command: 'true' })).toMatchObject({ exitCode: 0 });
    }
    expect(await stack.left()).toHaveLength(8 * steps.length);
    for (const id of ids) await stack.api.endSession(id);
    for (const id of ids) await stack.cleanReceipt(id);
    expect(await stack.left()).toEqual([]);
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
