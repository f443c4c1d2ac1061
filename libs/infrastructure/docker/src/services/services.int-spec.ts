import {
  type AppliedModel,
  type ApplyPlan,
  type ComposeService,
  sessionObjectName,
  type SessionSpec,
  type WorkspaceFiles,
} from '@nalabo/infrastructure-port';
import { aComposeModel, aService } from '@nalabo/infrastructure-port/conformance';
import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { run } from '../testing/run-command.js';
import type { TestTarget } from '../testing/test-target.js';

const mebibyte = 2 ** 20;
const patience = { timeoutMs: 30_000, intervalMs: 200 };
const deadline = (): AbortSignal => AbortSignal.timeout(60_000);

const html = { source: { kind: 'folder', folder: 'html' }, target: '/srv/html', readOnly: true } as const;

/** A web server out of what the workbench's image has. */
const webServer = {
  command: ['python3', '-m', 'http.server', '--directory', '/srv/html', '80'],
  mounts: [html],
  endpoints: [{ port: 80, protocol: 'tcp', publishedPort: 8080 }],
} as const;

await describeOnEngine('services on Docker', (current) => {
  const service = (name: string, overrides: Partial<ComposeService> = {}): ComposeService =>
    aService(name, { image: 'nalabo/workbench:dev', command: ['sleep', 'infinity'], ...overrides });

  async function plan(spec: SessionSpec, services: readonly ComposeService[], files: WorkspaceFiles = new Map()) {
    const model = { type: 'compose', compose: aComposeModel(...services), files } as const;
    const request = { model, current: applied.get(spec.sessionId) ?? null, limits: spec.limits };
    return (await current().test.target.apply?.plan(spec, request, deadline())) as ApplyPlan;
  }

  const applied = new Map<string, AppliedModel | null>();

  async function apply(spec: SessionSpec, services: readonly ComposeService[], files?: WorkspaceFiles) {
    const planned = await plan(spec, services, files);
    const objects = (await current().test.target.apply?.apply(planned, deadline())) ?? [];
    if (objects.every(({ action }) => action !== 'failed')) applied.set(spec.sessionId, planned.applied);
    return objects;
  }

  const inspect = (test: TestTarget, spec: SessionSpec, part?: string) =>
    test.engine.docker.getContainer(sessionObjectName(spec.sessionId, part)).inspect();

  async function says(spec: SessionSpec, script: string): Promise<string> {
    return (await run(await current().test.target.exec.open(spec, 'learner'), ['sh', '-c', script])).stdout;
  }

  const roomy = { cpuMillicores: 1000, memoryBytes: 512 * mebibyte, storageBytes: 1024 * mebibyte };

  it('resolve by name in the workbench, and serve what is edited there', async () => {
    const spec = await current().test.ready({ limits: roomy });
    await apply(spec, [service('web', webServer)], new Map([['html/index.html', 'one']]));
    await eventually(async () => expect(await says(spec, 'curl -s http://web/')).toBe('one'), patience);
    await says(spec, 'echo two > html/index.html');
    expect(await says(spec, 'curl -s http://web/')).toBe('two\n');
  });

  it('resolve in every network that they are in, and in no other', async () => {
    const spec = await current().test.ready({ limits: roomy });
    const front = { name: 'front', aliases: ['www'] };
    const back = { name: 'back', aliases: [] };
    const ask = { command: ['sh', '-c', 'curl -s -m 20 http://web/; echo $?; sleep infinity'] };
    await apply(
      spec,
      [
        service('web', { ...webServer, networks: [front, back] }),
        service('near', { ...ask, networks: [back], dependsOn: [{ service: 'web', condition: 'started' }] }),
        service('far', { ...ask, dependsOn: [{ service: 'web', condition: 'started' }] }),
      ],
      new Map([['html/index.html', 'here']]),
    );
    await eventually(async () => expect(await says(spec, 'curl -s http://www/')).toBe('here'), patience);
    await eventually(async () => expect(await logOf(spec, 'far')).toBe('6\n'), patience);
    expect(await says(spec, 'getent hosts far near web | wc -l')).toBe('3\n');
  });

  async function logOf(spec: SessionSpec, name: string): Promise<string> {
    const request = { service: name, tail: 10, follow: false };
    const log = await current().test.target.apply?.logs(spec, request, deadline());
    const chunks: Uint8Array[] = [];
    for await (const chunk of log ?? []) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('are hardened, and share the session’s resources with the workbench', async () => {
    const { test } = current();
    const spec = await test.ready({ limits: roomy });
    await apply(spec, [service('web', { ...webServer, user: { uid: 1000, gid: 1000 } })]);
    const { HostConfig, Config, NetworkSettings, Mounts } = await inspect(test, spec, 's-web');
    expect(HostConfig).toMatchObject({
      Privileged: false,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges:true'],
      Memory: 48 * mebibyte,
      NanoCpus: 100_000_000,
      PidsLimit: 32,
    });
    expect(Config.User).toBe('1000:1000');
    expect(Object.values(NetworkSettings.Ports).filter((bound) => bound !== null)).toEqual([]);
    expect(Mounts.filter(({ Type }) => Type === 'bind')).toEqual([]);
    const workbench = await inspect(test, spec);
    expect(workbench.HostConfig).toMatchObject({ Memory: 464 * mebibyte, NanoCpus: 900_000_000 });
    await apply(spec, []);
    expect((await inspect(test, spec)).HostConfig).toMatchObject({ Memory: 512 * mebibyte, NanoCpus: 1_000_000_000 });
  });

  it('wait for those that they depend on to be healthy or done', async () => {
    const spec = await current().test.ready({ limits: roomy });
    const healthcheck = {
      test: 'test -e /tmp/up',
      intervalSeconds: 1,
      // It runs in the little that the service has of a processor.
      timeoutSeconds: 20,
      retries: 20,
      startPeriodSeconds: 0,
    };
    const db = service('db', { command: ['sh', '-c', 'sleep 1; touch /tmp/up; sleep infinity'], healthcheck });
    const job = service('job', { command: ['sh', '-c', 'sleep 1; exit 0'] });
    const dependsOn = [
      { service: 'db', condition: 'healthy' },
      { service: 'job', condition: 'completed' },
    ] as const;
    await apply(spec, [service('web', { dependsOn }), db, job]);
    expect(await current().test.target.observe.observe(spec, deadline())).toMatchObject({
      services: expect.arrayContaining([
        { name: 'db', state: 'running', health: 'healthy', exitCode: null },
        { name: 'job', state: 'ended', health: null, exitCode: 0 },
        { name: 'web', state: 'running', health: null, exitCode: null },
      ]),
    });
    const again = await apply(spec, [service('web', { dependsOn }), db, job]);
    expect(again.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  it('are not started when one that they depend on has failed, and nothing of the file is left', async () => {
    const { test } = current();
    const spec = await test.ready({ limits: roomy });
    const before = await test.engine.named(spec.sessionId);
    const job = service('job', { command: ['sh', '-c', 'exit 3'] });
    const web = service('web', { dependsOn: [{ service: 'job', condition: 'completed' }] });
    const objects = await apply(spec, [web, job]);
    expect(objects).toMatchObject([
      { name: 'job', action: 'failed', message: 'not applied, because service web has failed' },
      { name: 'web', action: 'failed', message: 'web was not started: job has ended with code 3' },
    ]);
    const after = await test.engine.named(spec.sessionId);
    expect(after).toHaveLength(before.length);
    expect(after).toEqual(expect.arrayContaining([...before]));
  });

  it('find in a volume what their image has there, and keep it when they change', async () => {
    const spec = await current().test.ready({ limits: roomy });
    const data = { source: { kind: 'volume', name: 'data' }, target: '/home/lab', readOnly: false } as const;
    const user = { uid: 1000, gid: 1000 };
    const keep = (text: string) => ({
      command: ['sh', '-c', `echo ${text} >> /home/lab/kept; echo kept; sleep infinity`],
    });
    await apply(spec, [service('db', { ...keep('one'), mounts: [data], user })]);
    await eventually(async () => expect(await logOf(spec, 'db')).toBe('kept\n'), patience);
    await apply(spec, [
      service('db', { command: ['sh', '-c', 'cat /home/lab/kept; sleep infinity'], mounts: [data], user }),
    ]);
    await eventually(async () => expect(await logOf(spec, 'db')).toBe('one\n'), patience);
  });

  it('come back with their workbench when the engine had ended them all, and only then those that were done', async () => {
    const { test } = current();
    const spec = await test.ready({ limits: roomy });
    const job = service('job', { command: ['sh', '-c', 'echo done'] });
    const web = service('web', { ...webServer, networks: [{ name: 'front', aliases: [] }] });
    await apply(spec, [web, job], new Map([['html/index.html', 'here']]));
    await eventually(async () => expect(await logOf(spec, 'job')).toBe('done\n'), patience);
    const restored = { ...spec, applied: applied.get(spec.sessionId) ?? null };
    await test.target.lifecycle.ensure(restored, deadline());
    expect(await logOf(spec, 'job')).toBe('done\n');

    for (const part of ['s-web', undefined]) {
      await test.engine.docker.getContainer(sessionObjectName(spec.sessionId, part)).stop({ t: 1 });
    }
    const observation = await test.target.lifecycle.ensure(restored, deadline());
    expect(observation).toMatchObject({ readiness: 'ready' });
    await eventually(async () => expect(await says(spec, 'curl -s http://web/')).toBe('here'), patience);
    await eventually(async () => expect(await logOf(spec, 'job')).toBe('done\ndone\n'), patience);
  });

  it('do not take the session along when one of them cannot be made again', async () => {
    const { test } = current();
    const spec = await test.ready({ limits: roomy });
    await apply(spec, [service('web')]);
    const { compose, folders } = applied.get(spec.sessionId) ?? expect.fail();
    const services = compose.services.map((one) => ({ ...one, mounts: [{ ...html, target: '/proc/self' }] }));
    const broken: AppliedModel = {
      type: 'compose',
      compose: { ...compose, services },
      folders: { ...folders, html: 0 },
    };
    const observation = await test.target.lifecycle.ensure({ ...spec, applied: broken }, deadline());
    expect(observation).toMatchObject({
      readiness: 'ready',
      steps: expect.arrayContaining([{ step: 'services', status: 'failed', durationMs: expect.any(Number) }]),
    });
  });

  it('refuse an image that nobody has', async () => {
    const spec = await current().test.ready({ limits: roomy });
    const planned = await plan(spec, [service('web', { image: 'localhost:1/no/such:image' })]);
    await expect(current().test.target.apply?.apply(planned, deadline())).rejects.toMatchObject({
      kind: expect.stringMatching(/^(unavailable|unprocessable)$/),
    });
  });
});
