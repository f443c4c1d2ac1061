/*
 * Claim: a command through the platform costs a fraction of an exec by the engine alone, because it travels through a shell
 * that is open already. Both run the same command in the same container and take turns in one run on one machine, so that
 * their ratio means something where the milliseconds do not.
 *
 * The engine alone: exec, start, read to the end, inspect, by dockerode. Ours: HTTP, authentication, admission, two writes
 * to the database, messages, the shell. Servers are started for the run and force nothing to disk: two forced writes for
 * each command come on top where they do.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient, type RunningStack } from '@nalabo/start';
import Docker from 'dockerode';
import { firstOutputMs } from './exec/first-event.js';
import { Instructors } from './exec/instructors.js';
import { type Load, type LoadOptions, measureIdle, measureLoad } from './exec/measure-load.js';
import { rawExec } from './exec/raw-exec.js';
import { tellRatio } from './exec/tell-ratio.js';
import { typistOfEngine, typistOfPlatform } from './exec/typist.js';
import { withStack } from './exec/with-stack.js';
import { noSamples, type Samples, timed } from './samples.js';

const latencyRounds = 200;
const streamRounds = 60;
const loadRounds = 8;
const windowSeconds = 3;
const warmUpRounds = 10;
/** The engine is still busy with an exec for a moment after its answer, which must not count against whoever comes next. */
const settleMs = 50;
/** As many as a session allows. */
const inFlightPerSession = 8;

const neighbourTurns = 6;
const neighbourRounds = 40;
const forkBomb = 'bomb() { bomb | bomb & }; bomb; sleep 60';

const commands = [['true'], ['ls', '-la', '/']] as const;

/** A session with the container that the engine alone uses, too. */
interface Place {
  readonly id: string;
  readonly container: Docker.Container;
  readonly containerId: string;
}

class ExecBench {
  private readonly pathCounts = new Map<string, number>();

  private constructor(
    private readonly stack: RunningStack,
    private readonly instructors: Instructors,
    private readonly places: readonly [Place, Place],
  ) {}

  static async prepare(stack: RunningStack): Promise<ExecBench> {
    const api = new ApiClient(stack);
    const docker = new Docker({ socketPath: stack.dockerHost.replace(/^unix:\/\//, '') });
    const place = async (): Promise<Place> => {
      const session = await api.createSession({ workshopId: 'linux-basics' }, 60);
      if (session.state !== 'READY') throw new Error(`the session is ${session.state}: ${session.lastError}`);
      const container = docker.getContainer(`nalabo-session-${session.id}`);
      return { id: session.id, container, containerId: (await container.inspect()).Id };
    };
    return new ExecBench(stack, new Instructors(api), [await place(), await place()]);
  }

  async run(): Promise<void> {
    for (const argv of commands) await this.tellLatency(argv);
    await this.tellFirstByte();
    await this.tellEcho();
    await this.tellLoad(1);
    await this.tellLoad(2 * inFlightPerSession);
    await this.tellNeighbour();
    this.tellPaths();
  }

  private async tellLatency(argv: readonly string[]): Promise<void> {
    const [place] = this.places;
    const samples = noSamples();
    for (let round = -warmUpRounds; round < latencyRounds; round++) {
      const arms = [
        async () => record(samples.ours, round, await timed(() => this.ours(place, argv))),
        async () => record(samples.raw, round, await timed(() => raw(place, argv))),
      ];
      for (const arm of Math.random() < 0.5 ? arms : arms.reverse()) await pause(settleMs).then(arm);
    }
    tellRatio({ name: `one command, ${argv.join(' ')}`, unit: 'ms', aim: { atMost: 0.15 } }, samples);
  }

  private async tellFirstByte(): Promise<void> {
    const [place] = this.places;
    const samples = noSamples();
    const command = 'echo first; sleep 0.05; echo last';
    for (let round = -warmUpRounds; round < streamRounds; round++) {
      await pause(settleMs);
      record(samples.ours, round, await firstOutputMs(this.stack, place.id, command));
      const { firstByteMs } = await rawExec(place.container, ['sh', '-c', command]);
      record(samples.raw, round, firstByteMs ?? Number.NaN);
    }
    tellRatio({ name: 'first byte of a stream', unit: 'ms', aim: { atMost: 0.15 } }, samples);
  }

  private async tellEcho(): Promise<void> {
    const [{ id, container }] = this.places;
    const samples = noSamples();
    const [ours, raw] = [await typistOfPlatform(new ApiClient(this.stack), id), await typistOfEngine(container)];
    // The prompt may come in pieces.
    await pause(500);
    for (let round = -warmUpRounds; round < latencyRounds; round++) {
      record(samples.ours, round, await ours.echoMs());
      record(samples.raw, round, await raw.echoMs());
    }
    ours.close();
    raw.close();
    tellRatio({ name: 'echo of a letter in a terminal', unit: 'ms', aim: null }, samples);
  }

  private async tellLoad(inFlight: number): Promise<void> {
    const [rate, cpu]: [Samples, Samples] = [noSamples(), noSamples()];
    const idleCpuMs = await measureIdle(2 * windowSeconds, this.containerIds);
    for (let round = 0; round < loadRounds; round++) {
      const ours = await this.load({ inFlight, idleCpuMs }, (place) => this.ours(place, ['true']));
      const theirs = await this.load({ inFlight, idleCpuMs }, (place) => raw(place, ['true']));
      rate.ours.push(ours.perSecond);
      rate.raw.push(theirs.perSecond);
      cpu.ours.push(ours.cpuMsPerCommand);
      cpu.raw.push(theirs.cpuMsPerCommand);
    }
    const name = `${inFlight} in flight`;
    if (inFlight > 1) tellRatio({ name: `throughput, ${name}`, unit: '/s', aim: { atLeast: 8 } }, rate);
    tellRatio({ name: `processor time of a command, ${name}`, unit: 'ms', aim: { atMost: 0.2 } }, cpu);
  }

  /** What a session that does its worst costs the one beside it, against the same without it. */
  private async tellNeighbour(): Promise<void> {
    const [worst, neighbour] = this.places;
    const samples = noSamples();
    const measure = async (values: number[]): Promise<void> => {
      for (let round = 0; round < neighbourRounds; round++)
        values.push(await timed(() => this.ours(neighbour, ['true'])));
    };
    for (let turn = 0; turn < neighbourTurns; turn++) {
      await measure(samples.raw);
      const bombing = this.instructors.execute(worst.id, { command: forkBomb, timeout: 3000 });
      await pause(500);
      await measure(samples.ours);
      await bombing;
      await pause(1000);
    }
    tellRatio({ name: 'one command beside a fork bomb, against none', unit: 'ms', aim: { atMost: 2 } }, samples);
  }

  private load(
    options: Pick<LoadOptions, 'inFlight' | 'idleCpuMs'>,
    command: (place: Place) => Promise<unknown>,
  ): Promise<Load> {
    const { containerIds } = this;
    const work = (worker: number): Promise<unknown> => command(this.places[worker % 2 === 0 ? 0 : 1]);
    return measureLoad({ ...options, seconds: windowSeconds, containerIds, command: work });
  }

  private get containerIds(): string[] {
    return this.places.map(({ containerId }) => containerId);
  }

  private async ours({ id }: Place, argv: readonly string[]): Promise<void> {
    const { exitCode, path } = await this.instructors.execute(id, { command: [...argv] });
    if (exitCode !== 0) throw new Error(`the command ended with ${exitCode}`);
    this.pathCounts.set(`${path}`, (this.pathCounts.get(`${path}`) ?? 0) + 1);
  }

  /** A command that waits too long for a shell goes by an exec of its own. */
  private tellPaths(): void {
    console.log(`paths: ${[...this.pathCounts].map(([path, count]) => `${path} ${count}`).join(', ')}`);
  }
}

async function raw({ container }: Place, argv: readonly string[]): Promise<void> {
  const { exitCode } = await rawExec(container, argv);
  if (exitCode !== 0) throw new Error(`the exec ended with ${exitCode}`);
}

/** Rounds before the first are for warming up. */
function record(values: number[], round: number, value: number): void {
  if (round >= 0) values.push(value);
}

await withStack({}, async (stack) => (await ExecBench.prepare(stack)).run());
