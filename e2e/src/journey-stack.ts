import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreatedKey, InfrastructureObject, ReceiptView, Role, ServiceName, SessionView } from '@nalabo/contracts';
import { freePort } from '@nalabo/setup';
import { ApiClient, type RunningStack, type ServiceProcess, startStack } from '@nalabo/start';
import { eventually } from '@nalabo/testing';
import { expect } from 'vitest';
import { ClusterWatch } from './cluster-watch.js';
import { EngineWatch } from './engine-watch.js';

const endPatience = { timeoutMs: 90_000, intervalMs: 100 };
/** A namespace goes after everything in it, each in its own time. */
const clusterEndPatience = { timeoutMs: 145_000, intervalMs: 500 };

export interface JourneyOptions {
  /** With the cluster of KUBECONFIG as a target besides the engine. */
  readonly kubernetes: boolean;
  /** Of a message bus that the test disturbs. Default: one of the stack's own. */
  readonly natsUrl?: string;
}

/** The five services as processes of their own, with servers of their own, on this machine's engine or a cluster. */
export class JourneyStack {
  readonly engine: EngineWatch;
  /** Only of a stack that has Kubernetes. */
  private readonly clusterWatch: ClusterWatch | undefined;
  /** The administrator's. */
  readonly api: ApiClient;

  private constructor(
    readonly instance: string,
    private readonly folder: string,
    private readonly stack: RunningStack,
    private readonly lines: string[],
  ) {
    this.engine = new EngineWatch(stack.dockerHost);
    this.clusterWatch = stack.kubernetes['KUBECONFIG'] ? new ClusterWatch(stack.kubernetes) : undefined;
    this.api = new ApiClient(stack);
  }

  static async start(options: JourneyOptions): Promise<JourneyStack> {
    const instance = `e2e-${randomBytes(4).toString('hex')}`;
    const folder = await mkdtemp(join(tmpdir(), 'nalabo-e2e-'));
    const lines: string[] = [];
    const stack = await startStack({
      directory: folder,
      instance,
      port: await freePort(),
      ephemeral: true,
      ...options,
      report: (line) => lines.push(line),
      onLine: (service, line) => lines.push(`${service} ${line}`),
    });
    return new JourneyStack(instance, folder, stack, lines);
  }

  /** Of a journey on a cluster. */
  get cluster(): ClusterWatch {
    if (!this.clusterWatch) throw new Error('this journey has no cluster');
    return this.clusterWatch;
  }

  get url(): string {
    return this.stack.url;
  }

  /** For requests that `ApiClient` would not send. */
  get authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.stack.apiKey}` };
  }

  /** Resident, in bytes. */
  memoryOf(name: ServiceName): number {
    const status = readFileSync(`/proc/${this.service(name).pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  service(name: ServiceName): ServiceProcess {
    const service = this.stack.services.get(name);
    if (!service) throw new Error(`there is no service ${name}`);
    return service;
  }

  /** What the services have logged so far that contains the text. */
  logged(text: string): string[] {
    return this.lines.filter((line) => line.includes(text));
  }

  /** A client with a key of its own. */
  async clientOf(ownerId: string, role: Role = 'learner'): Promise<ApiClient> {
    const { status, body } = await this.api.send({ method: 'POST', path: '/api/keys', body: { ownerId, role } });
    expect(status).toBe(201);
    return new ApiClient({ url: this.url, apiKey: (body as CreatedKey).key });
  }

  reaching(id: string, state: SessionView['state'], timeoutMs = 90_000): Promise<SessionView> {
    return eventually(
      async () => {
        const session = await this.api.session(id);
        expect(session).toMatchObject({ state });
        return session;
      },
      { timeoutMs, intervalMs: 100 },
    );
  }

  cleanReceipt(id: string): Promise<ReceiptView> {
    return eventually(async () => {
      const receipt = await this.api.receipt(id);
      expect(receipt).toMatchObject({ clean: true, verified: { left: [] } });
      return receipt;
    }, this.endPatience);
  }

  /** What is on the engine, and on the cluster when there is one. */
  async left(): Promise<InfrastructureObject[]> {
    const onEngine = await this.engine.ofInstance(this.instance);
    if (!this.clusterWatch) return onEngine;
    const ids = (await this.api.sessions()).map(({ id }) => id);
    return [...onEngine, ...(await this.cluster.ofInstance(this.instance)), ...(await this.cluster.volumesOf(ids))];
  }

  /** Ends what a test has not ended, and fails when anything stays. */
  async leaveNothing(): Promise<void> {
    for (const { id } of await this.live()) await this.api.endSession(id);
    // A session that is not built yet has nothing on the engine and must not be taken for one that is gone.
    await eventually(async () => expect(await this.live()).toEqual([]), this.endPatience);
    await eventually(async () => expect(await this.left()).toEqual([]), this.endPatience);
  }

  private get endPatience(): typeof endPatience {
    return this.clusterWatch ? clusterEndPatience : endPatience;
  }

  private async live(): Promise<SessionView[]> {
    const sessions = await this.api.sessions();
    return sessions.filter(({ state }) => state !== 'TERMINATED' && state !== 'FAILED');
  }

  /** Ends everything, and fails when a process of ours goes on. */
  async stop(): Promise<void> {
    const pids = [...this.stack.services.values()].flatMap(({ pid }) => pid ?? []);
    await this.stack.stop();
    await rm(this.folder, { recursive: true, force: true });
    expect(pids.filter(isRunning)).toEqual([]);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process: the one expected outcome.
    return false;
  }
}
