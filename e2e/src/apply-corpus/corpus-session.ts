import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplySummary, ApplyView, ConfigurationType } from '@nalabo/contracts';
import { freePort, type RunningNats, startNats } from '@nalabo/setup';
import type { ApiAnswer, ApiClient } from '@nalabo/start';
import { JourneyStack } from '../journey-stack.js';
import { placed } from './corpus-row.js';

const waitSeconds = 60;
const sessions = '/api/workshops/sessions';

interface Parts {
  readonly bus: RunningNats;
  readonly stack: JourneyStack;
  readonly learner: ApiClient;
  readonly listener: Server;
}

/** One session of one learner that holds a service, which nothing of the corpus may touch; and a listener for whoever calls. */
export class CorpusSession {
  /** Connections to the listener. */
  calls = 0;
  private standing: ApplyView | undefined;
  private started: AsyncDisposableStack | undefined;

  private constructor(
    private readonly parts: Parts,
    readonly id: string,
    /** Of the port that the service asks to have published. */
    readonly publishedPort: number,
  ) {
    parts.listener.on('connection', (socket) => {
      this.calls += 1;
      socket.destroy();
    });
  }

  static async start(): Promise<CorpusSession> {
    await using started = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'nalabo-corpus-'));
    started.defer(() => rm(folder, { recursive: true, force: true }));
    const bus = await startNats({ storeDirectory: folder, report: () => undefined });
    started.defer(() => bus.stop());
    const stack = await JourneyStack.start({ kubernetes: false, natsUrl: bus.url });
    started.defer(() => stack.stop());
    started.defer(() => stack.leaveNothing());
    const listener = createServer().listen(0, '127.0.0.1');
    started.defer(() => void listener.close());
    const learner = await stack.clientOf('mallory');
    const { id } = await learner.createSession({ workshopId: 'write-compose' }, waitSeconds);
    const corpus = new CorpusSession({ bus, stack, learner, listener }, id, await freePort());
    corpus.standing = await learner.apply(id, { type: 'compose', configuration: corpus.standingFile });
    corpus.started = started.move();
    return corpus;
  }

  get stack(): JourneyStack {
    return this.parts.stack;
  }

  get busPort(): number {
    return this.parts.bus.port;
  }

  /** With limits of its own: another service beside it changes nothing of it. */
  get standingFile(): string {
    return `services:
  standing:
    image: nginx:alpine
    mem_limit: 64m
    cpus: 0.1
    pids_limit: 32
    ports: ["${this.publishedPort}:80"]
`;
  }

  get path(): string {
    return `${sessions}/${this.id}`;
  }

  get credential(): Record<string, string> {
    return this.stack.authorization;
  }

  apply(type: ConfigurationType, configuration: string, dryRun = false): Promise<ApiAnswer> {
    const body = { type, configuration: this.place(configuration), dryRun };
    return this.parts.learner.send({ method: 'POST', path: `${this.path}/apply`, body });
  }

  /** With the listener and the session in their places. */
  place(text: string): string {
    const { port } = this.parts.listener.address() as AddressInfo;
    return placed(text, { listener: `127.0.0.1:${port}`, session: this.id });
  }

  /** Everything of the session on the engine, each with what would be different if it had been made or started anew. */
  async objects(): Promise<readonly string[]> {
    const { docker } = this.stack.engine;
    const filters = { label: [`io.nalabo.session=${this.id}`] };
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
      docker.listVolumes({ filters }),
    ]);
    const looks = await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
    return [
      ...looks.map(({ Id, Created, State, HostConfig }) => [Id, Created, State.StartedAt, HostConfig.Memory].join(' ')),
      ...networks.map(({ Id, Created }) => `${Id} ${Created}`),
      ...volumes.map((volume) => `${volume.Name} ${(volume as { CreatedAt?: string }).CreatedAt}`),
    ].toSorted();
  }

  /** The newest applies that have changed anything, but for the one that the session began with. */
  async changes(): Promise<readonly ApplySummary[]> {
    const { body } = await this.parts.learner.send({ method: 'GET', path: `${this.path}/applies?limit=10` });
    const { items } = body as { items: ApplySummary[] };
    return items.filter(
      ({ applyId, state, dryRun, counts }) =>
        applyId !== this.standing?.applyId &&
        state === 'finished' &&
        !dryRun &&
        (counts === null || counts.created + counts.changed + counts.removed > 0),
    );
  }

  /** Ends everything, and fails when something of the session stays. */
  async stop(): Promise<void> {
    await this.started?.disposeAsync();
  }
}
