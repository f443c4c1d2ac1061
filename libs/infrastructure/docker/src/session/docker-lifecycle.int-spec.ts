import { sessionObjectName, subnetOf, type SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { createDockerTarget } from '../docker-target.js';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { run } from '../testing/run-command.js';
import { TestTarget } from '../testing/test-target.js';

const steps = ['network', 'volumes', 'create', 'start', 'ready'];
const deadline = (): AbortSignal => AbortSignal.timeout(60_000);

await describeOnEngine('a session on Docker', (current) => {
  it('is told about step by step', async () => {
    const { test } = current();
    const told: string[] = [];
    const onStep = (step: string, sessionId: string): void => void told.push(`${step} ${sessionId}`);
    const spec = test.newSpec();
    const observation = await createDockerTarget({ ...test.config, onStep }).lifecycle.ensure(spec, deadline());
    expect(observation).toMatchObject({ readiness: 'ready', steps: steps.map((step) => ({ step, status: 'done' })) });
    expect(told).toEqual(steps.map((step) => `${step} ${spec.sessionId}`));
  });

  it.each(steps)('is completed after its builder died at step %s', async (fatal) => {
    const { test } = current();
    const spec = test.newSpec();
    const onStep = (step: string): void => {
      if (step === fatal) throw new Error(`died at ${step}`);
    };
    await expect(createDockerTarget({ ...test.config, onStep }).lifecycle.ensure(spec, deadline())).rejects.toThrow(
      `died at ${fatal}`,
    );
    const before = await test.engine.ofInstance(test.instance);
    const observation = await test.target.lifecycle.ensure(spec, deadline());
    expect(observation).toMatchObject({ readiness: 'ready' });
    const after = await test.engine.ofInstance(test.instance);
    expect(after).toEqual(expect.arrayContaining([...before]));
    expect(after).toHaveLength(8);
  });

  it('is built anew when its generation is a new one, and the old one cannot touch it', async () => {
    const { test } = current();
    const old = await test.ready({ generation: 1 });
    await run(await test.target.exec.open(old, 'learner'), ['touch', 'of-the-old-one']);
    const spec = { ...old, generation: 2 };
    expect(await test.target.lifecycle.ensure(spec, deadline())).toMatchObject({ readiness: 'ready', generation: 2 });
    expect((await run(await test.target.exec.open(spec, 'learner'), ['ls'])).stdout).toBe('');
    await expect(test.target.lifecycle.ensure(old, deadline())).rejects.toMatchObject({ kind: 'conflict' });
    expect(await test.target.lifecycle.destroy(old, deadline())).toEqual([]);
  });

  it('gets a working network again when its own was removed', async () => {
    const { test } = current();
    const spec = await test.ready();
    const name = sessionObjectName(spec.sessionId);
    await test.engine.docker.getContainer(name).kill();
    await test.engine.docker.getNetwork(name).remove();
    expect(await test.target.lifecycle.ensure(spec, deadline())).toMatchObject({ readiness: 'ready' });
  });

  it('says which subnet is taken', async () => {
    const { test } = current();
    const first = await test.ready();
    const second = test.newSpec({ subnetIndex: first.subnetIndex });
    await expect(test.target.lifecycle.ensure(second, deadline())).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`subnet ${subnetOf(first.subnetIndex)}`),
    });
  });

  it('cannot be made from an image that does not exist, and says so without the registry login', async () => {
    const { socketPath } = current();
    const registryAuth = { username: 'somebody', password: 'a-secret-password' };
    const test = new TestTarget(socketPath, { workbenchImage: 'registry.invalid/nalabo/absent:1', registryAuth });
    const error: unknown = await test.target.lifecycle
      .ensure(test.newSpec(), deadline())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('registry.invalid/nalabo/absent:1') });
    expect(['unprocessable', 'unavailable']).toContain((error as { kind: string }).kind);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('a-secret-password');
    expect(await test.leftovers()).toEqual([]);
  });

  it('ends at its time although nobody looks after it, and stays to be seen', async () => {
    const { test } = current();
    const spec = await test.ready({ endsByEpochSeconds: 1 });
    const observation = await eventually(async () => {
      const seen = await test.target.observe.observe(spec, deadline());
      expect(seen).toMatchObject({ readiness: 'stopped' });
      return seen;
    });
    expect(observation).toMatchObject({ reason: expect.stringContaining('Exited (0)') });
  });

  it('cannot be changed by a client that only observes', async () => {
    const { test } = current();
    const spec = await test.ready();
    const observer = createDockerTarget({ ...test.config, readOnly: true });
    expect(await observer.observe.observe(spec, deadline())).toMatchObject({ readiness: 'ready' });
    expect(await observer.observe.usage([spec], deadline())).toHaveLength(1);
    await expect(observer.lifecycle.destroy(spec, deadline())).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it.each(['container', 'network', 'volume'] as const)('leaves a foreign %s with its name alone', async (kind) => {
    const { test } = current();
    const spec = test.newSpec();
    const remove = await makeForeign(test, spec, kind);
    await expect(test.target.lifecycle.ensure(spec, deadline())).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`${kind} ${sessionObjectName(spec.sessionId)}`),
    });
    expect(await test.target.lifecycle.destroy(spec, deadline())).toEqual([]);
    expect(await test.engine.named(spec.sessionId)).toMatchObject([{ kind }]);
    await remove();
  });
});

async function makeForeign(
  { engine: { docker }, config }: TestTarget,
  { sessionId }: SessionSpec,
  kind: 'container' | 'network' | 'volume',
): Promise<() => Promise<unknown>> {
  const name = sessionObjectName(sessionId);
  if (kind === 'container') {
    const container = await docker.createContainer({ name, Image: config.workbenchImage });
    return () => container.remove();
  }
  if (kind === 'network') {
    const network = await docker.createNetwork({ Name: name, Internal: true });
    return () => network.remove();
  }
  await docker.createVolume({ Name: `${name}-f3` });
  return () => docker.getVolume(`${name}-f3`).remove();
}
