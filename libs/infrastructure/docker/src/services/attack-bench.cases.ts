import { randomBytes } from 'node:crypto';
import {
  type AppliedModel,
  type ApplyPlan,
  type ServicesModel,
  sessionObjectName,
  type SessionSpec,
  type WorkspaceFiles,
} from '@nalabo/infrastructure-port';
import { type ComposeModel, type PolicyViolation, readCompose } from '@nalabo/policy';
import { serviceShare } from '@nalabo/session';
import { eventually } from '@nalabo/testing';
import { expect } from 'vitest';
import { EngineLook } from '../testing/engine-look.js';
import { run } from '../testing/run-command.js';
import { TestTarget } from '../testing/test-target.js';
import { catalogueOf, grantableCapabilities } from './image-catalogue.js';

const mebibyte = 2 ** 20;
const limits = { cpuMillicores: 1000, memoryBytes: 768 * mebibyte, storageBytes: 1024 * mebibyte };
const deadline = (): AbortSignal => AbortSignal.timeout(60_000);
const patience = { timeoutMs: 120_000, intervalMs: 200 };

const askStanding = 'curl -s -o /dev/null -w %{http_code} http://standing/';

/** What only an image can do: it wants a volume, checks by itself, says whose it is, and has a program that is root's. */
const imageChanges = [
  'USER root',
  'VOLUME /var/lib/attack',
  'HEALTHCHECK CMD true',
  'LABEL io.nalabo.session=another io.nalabo.managed-by=attack',
];

/** Two sessions: one attacks, with an image that has all that an operator can give, and the other must not notice. */
export class AttackBench {
  private readonly applied = new Map<string, AppliedModel | null>();
  private bystanderBefore: readonly string[] = [];

  private constructor(
    readonly test: TestTarget,
    readonly image: string,
    readonly attacker: SessionSpec,
    readonly bystander: SessionSpec,
  ) {}

  static async start(socketPath: string): Promise<AttackBench> {
    const image = `nalabo/attack:${randomBytes(6).toString('hex')}`;
    await makeImage(new EngineLook(socketPath), image);
    const images = catalogueOf({ [image]: { capabilities: grantableCapabilities, writablePaths: [] } });
    const test = new TestTarget(socketPath, { images });
    const bench = new AttackBench(test, image, await test.ready({ limits }), await test.ready({ limits }));
    await bench.applyFile(bench.bystander, `services:\n  standing:\n${bench.service('python3 -m http.server 80')}`);
    await eventually(async () => expect(await bench.says(bench.bystander, askStanding)).toBe('200'), patience);
    await bench.says(bench.bystander, 'echo kept > secret');
    bench.bystanderBefore = await bench.traceOf(bench.bystander);
    return bench;
  }

  /** Ends both, and fails when anything is left or the other session has noticed. */
  async stop(): Promise<void> {
    try {
      expect(await this.traceOf(this.bystander)).toEqual(this.bystanderBefore);
      expect(await this.says(this.bystander, `cat secret; ${askStanding}`)).toBe('kept\n200');
    } finally {
      const left = await this.test.leftovers();
      await this.test.engine.docker.getImage(this.image).remove({ force: true });
      expect(left).toEqual([]);
    }
  }

  /** The keys of a service of the attacker's image, indented to stand under its name. */
  service(command: string, more = ''): string {
    const keys = `image: ${this.image}\nmem_limit: 96m\ncpus: 0.2\npids_limit: 64\ncommand: ${command}\n${more}`;
    return keys.trimEnd().replaceAll(/^/gm, '    ') + '\n';
  }

  /** What a file asks for, or what is wrong with it. */
  judge(file: string, files: WorkspaceFiles = new Map()): ComposeModel | readonly PolicyViolation[] {
    const read = readCompose(file, { images: [this.image], resources: serviceShare(limits), files });
    return 'model' in read ? read.model : read.violations;
  }

  async applyFile(spec: SessionSpec, file: string, files?: WorkspaceFiles) {
    const compose = this.judge(file, files);
    if (!('services' in compose)) throw new Error(`refused: ${JSON.stringify(compose)}`);
    return this.apply(spec, compose, files);
  }

  async apply(spec: SessionSpec, compose: ComposeModel, files?: WorkspaceFiles) {
    return this.carryOut(await this.plan(spec, compose, files));
  }

  async plan(spec: SessionSpec, compose: ComposeModel, files: WorkspaceFiles = new Map()): Promise<ApplyPlan> {
    const model: ServicesModel = { type: 'compose', compose, files };
    const current = this.applied.get(spec.sessionId) ?? null;
    const planned = await this.test.target.apply?.plan(spec, { model, current, limits }, deadline());
    return planned ?? expect.fail('there is nothing to apply with');
  }

  async carryOut(plan: ApplyPlan) {
    const objects = (await this.test.target.apply?.apply(plan, deadline())) ?? [];
    if (objects.every(({ action }) => action !== 'failed')) this.applied.set(plan.ref.sessionId, plan.applied);
    return objects;
  }

  /** What the platform does with a session that was left in the middle of an apply. */
  async restore(spec: SessionSpec): Promise<void> {
    const applied = this.applied.get(spec.sessionId) ?? null;
    await this.test.target.lifecycle.ensure({ ...spec, applied }, deadline());
  }

  async says(spec: SessionSpec, script: string): Promise<string> {
    return (await run(await this.test.target.exec.open(spec, 'learner'), ['sh', '-c', script])).stdout;
  }

  /** What a service has written, once that ends as it should. */
  logOf(spec: SessionSpec, service: string, end: RegExp): Promise<string> {
    return eventually(async () => {
      const request = { service, tail: 1000, follow: false };
      const log = await this.test.target.apply?.logs(spec, request, deadline());
      const chunks: Uint8Array[] = [];
      for await (const chunk of log ?? []) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      expect(text).toMatch(end);
      return text;
    }, patience);
  }

  /** Everything of a session on the engine, each with what would be different if it had been made or started anew. */
  async traceOf({ sessionId }: SessionSpec): Promise<readonly string[]> {
    const { docker } = this.test.engine;
    const named = await this.test.engine.named(sessionId);
    const containers = named.filter(({ kind }) => kind === 'container');
    const looks = await Promise.all(containers.map(({ name }) => docker.getContainer(name).inspect()));
    const networks = named.filter(({ kind }) => kind === 'network');
    const joined = await Promise.all(networks.map(({ name }) => docker.getNetwork(name).inspect()));
    return [
      ...named.map(({ kind, name }) => `${kind} ${name}`),
      ...looks.map(({ Id, State }) => `${Id} ${State.StartedAt}`),
      ...joined.map(({ Id, Containers }) => `${Id} ${Object.keys((Containers as object | null) ?? {}).toSorted()}`),
    ].toSorted();
  }

  inspect({ sessionId }: SessionSpec, part?: string) {
    return this.test.engine.docker.getContainer(sessionObjectName(sessionId, part)).inspect();
  }

  /** Every container of a session is held in the session, whatever was asked for. */
  async expectConfined({ sessionId }: SessionSpec): Promise<void> {
    const own = sessionObjectName(sessionId);
    const named = await this.test.engine.named(sessionId);
    const networks = named.filter(({ kind }) => kind === 'network').map(({ name }) => name);
    const ids = await Promise.all(
      networks.map(async (name) => (await this.test.engine.docker.getNetwork(name).inspect()).Id as string),
    );
    for (const { name } of named.filter(({ kind }) => kind === 'container')) {
      const { HostConfig, Mounts, Config } = await this.test.engine.docker.getContainer(name).inspect();
      expect(HostConfig).toMatchObject({
        Privileged: false,
        CapDrop: ['ALL'],
        ReadonlyRootfs: true,
        SecurityOpt: ['no-new-privileges:true'],
        PidMode: '',
        IpcMode: 'private',
        UTSMode: '',
        UsernsMode: '',
      });
      expect([...(HostConfig.Binds ?? []), ...(HostConfig.Devices ?? []), ...(HostConfig.ExtraHosts ?? [])]).toEqual(
        [],
      );
      expect(Object.keys((HostConfig.PortBindings as object | null) ?? {})).toEqual([]);
      expect([...ids, ...networks]).toContain(HostConfig.NetworkMode);
      expect(Mounts.filter(({ Type, Name }) => Type !== 'volume' || !Name?.startsWith(`${own}-`))).toEqual([]);
      expect(Config.Labels).toMatchObject({ 'io.nalabo.session': sessionId, 'io.nalabo.managed-by': 'nalabo' });
    }
  }
}

async function makeImage({ docker }: EngineLook, image: string): Promise<void> {
  const [repo, tag] = image.split(':');
  const container = await docker.createContainer({
    Image: 'nalabo/workbench:dev',
    User: 'root',
    Cmd: ['install', '-m', '4755', '/usr/bin/id', '/usr/local/bin/setuid-id'],
    Labels: { 'io.nalabo.test': image },
    HostConfig: { NetworkMode: 'none' },
  });
  try {
    await container.start();
    await container.wait();
    await container.commit({ repo, tag, changes: imageChanges.join('\n') });
  } finally {
    await container.remove({ force: true });
  }
}
