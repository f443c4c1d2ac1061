/*
 * Claim: commands leave nothing behind. 5,000 of them on 20 sessions, and what the executor, the engine and the sandboxes
 * hold in memory is afterwards what it was when every shell had been open for a while.
 */
import { ApiClient, type RunningStack } from '@nalabo/start';
import Docker from 'dockerode';
import { Instructors } from './exec/instructors.js';
import { isEngine, processes, residentBytes } from './exec/processes.js';
import { withStack } from './exec/with-stack.js';

const sessionCount = 20;
const commandCount = 5000;
const inFlight = 8;
/** Those before open the shells and fill the caches. */
const tellEvery = 1000;

/** Of a learner's day, each with the exit code it is to have: short, noisy, failing, and one that goes on behind. */
const commands: readonly (readonly [command: string, exitCode: number])[] = [
  ['true', 0],
  ['ls -la /', 0],
  ['echo "$((6 * 7))"; echo problem >&2; exit 3', 3],
  ['head -c 100000 /dev/urandom | base64', 0],
  ['cd /tmp && for i in 1 2 3; do date; done', 0],
  ['sleep 0.2 >/dev/null 2>&1 & echo started', 0],
];

/** As of engine API 1.41, by the version of the control groups. */
interface MemoryStats {
  readonly stats?: { readonly total_rss?: number; readonly anon?: number };
}

class Soak {
  private readonly containers: readonly Docker.Container[];
  private readonly instructors: Instructors;
  private started = 0;
  private readonly pathCounts = new Map<string, number>();

  constructor(
    private readonly stack: RunningStack,
    private readonly ids: readonly string[],
  ) {
    const docker = new Docker({ socketPath: stack.dockerHost.replace(/^unix:\/\//, '') });
    this.containers = ids.map((id) => docker.getContainer(`nalabo-session-${id}`));
    this.instructors = new Instructors(new ApiClient(stack));
  }

  async run(): Promise<void> {
    console.log(`before: ${await this.memory()}`);
    while (this.started < commandCount) {
      const until = this.started + tellEvery;
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: inFlight }, () => this.work(until)));
      const perSecond = (tellEvery / (performance.now() - startedAt)) * 1000;
      console.log(`after ${this.started} commands (${perSecond.toFixed(0)}/s): ${await this.memory()}`);
    }
    const paths = [...this.pathCounts].map(([path, count]) => `${path} ${count}`);
    console.log(`paths: ${paths.join(', ')}`);
  }

  private async work(until: number): Promise<void> {
    while (this.started < until) {
      const number = this.started++;
      const [command, expected] = commands[number % commands.length] ?? ['true', 0];
      const id = this.ids[number % this.ids.length] ?? '';
      const { exitCode, outcome, path } = await this.instructors.execute(id, { command });
      if (exitCode !== expected) throw new Error(`${command} ended ${outcome} with ${exitCode}`);
      this.pathCounts.set(`${path}`, (this.pathCounts.get(`${path}`) ?? 0) + 1);
    }
  }

  private async memory(): Promise<string> {
    const executor = this.stack.services.get('executor')?.pid ?? 0;
    const containerIds = await Promise.all(this.containers.map(async (container) => (await container.inspect()).Id));
    const engine = processes().filter((entry) => isEngine(entry, containerIds));
    const sandboxes = await Promise.all(this.containers.map(inSandbox));
    const figures = {
      executor: residentBytes(executor),
      engine: sum(engine.map(({ pid }) => residentBytes(pid))),
      sandboxes: sum(sandboxes.map(({ bytes }) => bytes)),
    };
    const texts = Object.entries(figures).map(([name, bytes]) => `${name} ${(bytes / 2 ** 20).toFixed(1)} MiB`);
    return `${texts.join(', ')}, processes in sandboxes ${sum(sandboxes.map(({ processCount }) => processCount))}`;
  }
}

async function inSandbox(container: Docker.Container): Promise<{ bytes: number; processCount: number }> {
  const { memory_stats, pids_stats } = await container.stats({ stream: false, 'one-shot': true });
  const { stats } = memory_stats as MemoryStats;
  return { bytes: stats?.total_rss ?? stats?.anon ?? Number.NaN, processCount: pids_stats?.current ?? Number.NaN };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const settings = { NALABO_LIVE_SESSIONS_PER_OWNER: `${sessionCount}`, NALABO_CREATES_PER_MINUTE: `${sessionCount}` };
await withStack(settings, async (stack) => {
  const api = new ApiClient(stack);
  const ids: string[] = [];
  for (let count = 0; count < sessionCount; count++) {
    const { id, state, lastError } = await api.createSession({ workshopId: 'linux-basics' }, 60);
    if (state !== 'READY') throw new Error(`the session is ${state}: ${lastError}`);
    ids.push(id);
  }
  await new Soak(stack, ids).run();
});
