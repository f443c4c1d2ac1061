import { setTimeout as pause } from 'node:timers/promises';
import { type AppliedModel, type ApplyPlan, builtImageName, type SessionSpec } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { readDockerfile, serviceOfImage } from '@nalabo/policy';
import { eventually, makeTestCgroup } from '@nalabo/testing';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { createDockerTarget } from '../docker-target.js';
import { buildLabel, sessionLabels } from '../session/docker-labels.js';
import { catalogueOf } from '../services/image-catalogue.js';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { run } from '../testing/run-command.js';
import { TestTarget } from '../testing/test-target.js';

const mebibyte = 2 ** 20;
const patience = { timeoutMs: 30_000, intervalMs: 200 };
const roomy = { cpuMillicores: 1000, memoryBytes: 1024 * mebibyte, storageBytes: 1024 * mebibyte };
const share = { cpuMillis: 500, memoryBytes: 256 * mebibyte, processes: 128 };
const base = 'nalabo/workbench:dev';
const server = 'CMD ["python3", "-m", "http.server", "--directory", "/srv", "8080"]\nEXPOSE 8080\n';
/** What an operator allows to the image that all of them begin with. */
const ofBase = catalogueOf({ [base]: { capabilities: ['NET_BIND_SERVICE'], writablePaths: ['/srv/run'] } });
const soon = (milliseconds = 150_000): AbortSignal => AbortSignal.timeout(milliseconds);

const limited = await makeTestCgroup(96);
const unlimited = await makeTestCgroup(null);
afterAll(async () => {
  for (const group of [limited, unlimited]) if ('remove' in group) await group.remove();
});

await describeOnEngine('an image that is built for a session', (current) => {
  let test: TestTarget;
  beforeEach((context) => {
    if ('missing' in limited) return context.skip(limited.missing);
    test = new TestTarget(current().socketPath, { buildCgroupParent: limited.parent, images: ofBase });
  });
  afterEach(async () => {
    expect(await test.leftovers(), 'left on the engine after the test').toEqual([]);
  });

  const applied = new Map<string, AppliedModel | null>();

  async function plan(spec: SessionSpec, text: string, files: Readonly<Record<string, string>> = {}) {
    const read = readDockerfile(text, { images: [base], files: new Map(Object.entries(files)) });
    const build = { dockerfile: 'model' in read ? read.model : expect.fail(JSON.stringify(read)), files };
    const compose = serviceOfImage(build.dockerfile, builtImageName(build), share);
    const model = { type: 'compose', compose, files: new Map(), build } as const;
    const request = { model, current: applied.get(spec.sessionId) ?? null, limits: spec.limits };
    return (await test.target.apply?.plan(spec, request, soon())) as ApplyPlan;
  }

  async function apply(spec: SessionSpec, text: string, files?: Readonly<Record<string, string>>, signal = soon()) {
    const planned = await plan(spec, text, files);
    const objects = (await test.target.apply?.apply(planned, signal)) ?? [];
    if (objects.every(({ action }) => action !== 'failed')) applied.set(spec.sessionId, planned.applied);
    return objects.map(({ kind, name, action }) => `${action} ${kind} ${name}`);
  }

  async function refusal(spec: SessionSpec, text: string, signal?: AbortSignal): Promise<AppError> {
    const error: unknown = await apply(spec, text, {}, signal).catch((thrown: unknown) => thrown);
    return error instanceof AppError ? error : expect.fail(`not refused: ${JSON.stringify(error)}`);
  }

  const images = async (): Promise<readonly string[]> =>
    (await test.engine.ofInstance(test.instance))
      .flatMap(({ kind, name }) => (kind === 'image' ? [name] : []))
      .toSorted();

  /** With the images on the way to the last one. */
  const tags = async (): Promise<readonly string[]> => (await images()).filter((name) => name.startsWith('nalabo-'));

  async function says(spec: SessionSpec, script: string): Promise<string> {
    return (await run(await test.target.exec.open(spec, 'learner'), ['sh', '-c', script])).stdout;
  }

  it('runs as the service app, is kept while it is the same, and gives way to another one', async () => {
    const spec = await test.ready({ limits: roomy });
    const text = `FROM ${base} AS made\nUSER 0\nRUN echo built > /made.txt\nFROM ${base}\nCOPY --from=made /made.txt /srv/\nCOPY . /srv/\n${server}`;
    expect(await apply(spec, text, { 'index.html': 'one' })).toEqual(['created service app']);
    await eventually(async () => expect(await says(spec, 'curl -s http://app:8080/')).toBe('one'), patience);
    expect(await says(spec, 'curl -s http://app:8080/made.txt')).toBe('built\n');
    expect(await test.target.observe.observe(spec, soon())).toMatchObject({
      endpoints: [{ name: 'app', host: 'app', port: 8080 }],
      services: [{ name: 'app', state: 'running' }],
    });
    const [first, ...others] = await tags();
    expect(others).toEqual([]);
    expect(await test.target.observe.list(soon())).toContainEqual(
      expect.objectContaining({ kind: 'image', name: first, sessionId: spec.sessionId }),
    );
    const container = await test.engine.docker.getContainer(`nalabo-session-${spec.sessionId}-s-app`).inspect();
    expect(container.HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      CapAdd: [expect.stringContaining('NET_BIND_SERVICE')],
      ReadonlyRootfs: true,
    });

    expect(await apply(spec, text, { 'index.html': 'one' })).toEqual(['unchanged service app']);
    expect(await apply(spec, text, { 'index.html': 'two' })).toEqual(['changed service app']);
    await eventually(async () => expect(await says(spec, 'curl -s http://app:8080/')).toBe('two'), patience);
    expect(await tags()).toHaveLength(1);
    expect(await tags()).not.toContain(first);

    const removed = await test.target.lifecycle.destroy(spec, soon());
    expect(removed.map(({ kind }) => kind)).toContain('image');
    expect(await images()).toEqual([]);
  });

  it('holds nothing of the platform among the files that were copied', async () => {
    const spec = await test.ready({ limits: roomy });
    await apply(spec, `FROM ${base}\nCOPY . /srv/\n${server}`, { 'mine.txt': 'mine' });
    await eventually(async () => expect(await says(spec, 'curl -s http://app:8080/')).toContain('mine.txt'), patience);
    expect(await says(spec, 'curl -s http://app:8080/')).not.toMatch(/Dockerfile|dockerignore/);
  });

  it('is built again when the engine has lost it', async () => {
    const spec = await test.ready({ limits: roomy });
    await apply(spec, `FROM ${base}\nCOPY index.html /srv/\n${server}`, { 'index.html': 'here' });
    const [tag = ''] = await tags();
    await test.engine.docker.getContainer(`nalabo-session-${spec.sessionId}-s-app`).remove({ force: true });
    await test.engine.docker.getImage(tag).remove();
    await test.target.lifecycle.ensure({ ...spec, applied: applied.get(spec.sessionId) ?? null }, soon());
    await eventually(async () => expect(await says(spec, 'curl -s http://app:8080/')).toBe('here'), patience);
    expect(await tags()).toEqual([tag]);
  });

  it.each([
    ['a fork bomb', 'RUN i=0; while :; do sleep 100 & done', 'non-zero code'],
    ['a large file', 'RUN dd if=/dev/zero of=/tmp/large bs=1M count=2048 && true', 'non-zero code'],
    ['too much memory', 'RUN python3 -c \'x = b"1" * (2 ** 30)\'', 'non-zero code'],
    ['a call to the internet', 'RUN curl -sS -m 5 http://1.1.1.1/', 'non-zero code'],
    ['much attention', 'RUN yes', 'says too much'],
    ['too much in many files', 'RUN for i in 1 2 3; do head -c 200M /dev/zero > /srv/$i || exit 9; done', 'too large'],
  ])('that wants %s is refused by its limits, and nothing of it is left', async (_what, step, why) => {
    const spec = await test.ready({ limits: roomy });
    const error = await refusal(spec, `FROM ${base}\nUSER 0\nRUN true\n${step}\n${server}`);
    expect(error).toMatchObject({ kind: 'unprocessable', publicMessage: expect.stringContaining(why) });
    expect(await images()).toEqual([]);
    expect((await test.target.observe.observe(spec, soon())) as object).toMatchObject({ services: [] });
  });

  it('that never ends is broken off, and nothing of it is left', async () => {
    const spec = await test.ready({ limits: roomy });
    await apply(spec, `FROM ${base}\n${server}`);
    const before = await images();
    const error = await refusal(spec, `FROM ${base}\nRUN echo begun; sleep 1000\n`, soon(20_000));
    expect(error).toMatchObject({ kind: 'unprocessable', publicMessage: expect.stringContaining('too long') });
    expect(error.publicMessage).toContain('begun');
    expect(await images()).toEqual(before);
    const left = await test.engine.docker.listContainers({ all: true, filters: { label: [`io.nalabo.build`] } });
    expect(left.filter(({ Labels }) => Labels['io.nalabo.session'] === spec.sessionId)).toMatchObject([
      { Labels: { 'io.nalabo.service': 'app' } },
    ]);
  });

  it('takes nothing along of what another process is building for its session', async () => {
    const spec = await test.ready({ limits: roomy });
    const Labels = { ...sessionLabels(test.instance, spec.sessionId), [buildLabel]: 'another' };
    const step = await test.engine.docker.createContainer({ Image: base, Labels });
    try {
      const error = await refusal(spec, `FROM ${base}\nRUN false\n`);
      expect(error.publicMessage).toContain('non-zero code');
      expect(await step.inspect()).toMatchObject({ Id: step.id });
    } finally {
      await step.remove();
    }
  });

  it('is cancelled with its apply', async () => {
    const spec = await test.ready({ limits: roomy });
    const cancel = new AbortController();
    const refused = refusal(spec, `FROM ${base}\nRUN sleep 1000\n`, cancel.signal);
    const steps = { label: [`io.nalabo.session=${spec.sessionId}`, 'io.nalabo.build'], status: ['running'] };
    await eventually(
      async () => expect(await test.engine.docker.listContainers({ filters: steps })).toHaveLength(1),
      patience,
    );
    cancel.abort();
    expect(await refused).toMatchObject({ kind: 'cancelled' });
    await eventually(async () => expect(await images()).toEqual([]), patience);
    await eventually(
      async () => expect(await test.engine.docker.listContainers({ all: true, filters: steps })).toEqual([]),
      patience,
    );
  });

  it.each([300, 450])(
    'is allowed in a process that finds that out %d ms after another one has begun to',
    async (later) => {
      const targets = [createDockerTarget(test.config), createDockerTarget(test.config)];
      const found = await Promise.all(
        targets.map(async ({ describe }, index) => {
          await pause(index * later);
          return describe.preflight(soon());
        }),
      );
      for (const findings of found) {
        expect(findings).toContainEqual(expect.objectContaining({ name: 'image builds', status: 'ok' }));
      }
      expect(await images()).toEqual([]);
    },
  );

  it('is not built where nothing limits the processes of builds', async (context) => {
    if ('missing' in unlimited) return context.skip(unlimited.missing);
    const free = new TestTarget(current().socketPath, { buildCgroupParent: unlimited.parent });
    const [finding] = (await free.target.describe.preflight(soon())).filter(({ name }) => name === 'image builds');
    expect(finding).toMatchObject({ status: 'failed', detail: expect.stringContaining('processes') });
    expect(await free.leftovers()).toEqual([]);
  });
});
