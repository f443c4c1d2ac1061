import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@nalabo/contracts';
import { type BackgroundProgram, type Report, SetupError, startBackground } from '@nalabo/setup';
import { lineSplitter, messageOf } from './log-lines.js';
import { restartDelay } from './restart-delay.js';

const readyDeadlineMilliseconds = 60_000;
const askEveryMilliseconds = 100;

export interface ServiceProcessOptions {
  readonly name: ServiceName;
  /** The working directory, which module names are resolved from. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly readyUrl: string;
  readonly report: Report;
  readonly onLine: (service: ServiceName, line: string) => void;
  /** Told once when the service has died too often to be started again. */
  readonly onGivenUp: (reason: string) => void;
}

/** One service as a child process that is started again when it dies. */
export class ServiceProcess {
  private program: BackgroundProgram | undefined;
  private wanted = new AbortController();
  private deaths: number[] = [];

  constructor(private readonly options: ServiceProcessOptions) {}

  get name(): ServiceName {
    return this.options.name;
  }

  /** Changes with every restart; undefined while the service is down. */
  get pid(): number | undefined {
    return this.program?.hasEnded() === false ? this.program.pid : undefined;
  }

  /**
   * Settles when the service is ready; does nothing while it runs. Throws `SetupError` when it ends before that or takes
   * longer than a minute.
   */
  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    this.wanted = new AbortController();
    this.deaths = [];
    const program = await this.launch();
    const deadline = performance.now() + readyDeadlineMilliseconds;
    for (let lack = 'no answer'; lack !== ''; lack = await lacking(this.options.readyUrl)) {
      if (program.hasEnded()) throw new SetupError(`${this.name} does not start: ${messageOf(await program.ended)}`);
      if (performance.now() > deadline) throw new SetupError(`${this.name} was not ready within a minute: ${lack}`);
      await pause(askEveryMilliseconds);
    }
    void this.keepRunning(program, this.wanted.signal);
  }

  /** Ends it, in order unless told otherwise; it is not started again. Safe to call twice and before the start. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.wanted.abort();
    await this.program?.stop(signal);
  }

  private async launch(): Promise<BackgroundProgram> {
    const { name, root, environment, onLine } = this.options;
    const args = ['--import', '@nalabo/service-host/telemetry', `apps/${name}/dist/main.js`];
    const onOutput = lineSplitter((line) => onLine(name, line));
    const program = await startBackground(process.execPath, args, 'TERM', { cwd: root, env: environment, onOutput });
    this.program = program;
    // Somebody may have asked for the end while the program was being started.
    if (this.wanted.signal.aborted) await program.stop('SIGTERM');
    return program;
  }

  private async keepRunning(first: BackgroundProgram, wanted: AbortSignal): Promise<void> {
    const { name, report, onGivenUp } = this.options;
    for (let program = first; ; program = await this.launch()) {
      const lastWords = messageOf(await program.ended);
      if (wanted.aborted) return;
      this.deaths.push(performance.now());
      const delay = restartDelay(this.deaths);
      if (delay === undefined) return onGivenUp(`${name} dies again and again, last after: ${lastWords}`);
      report(`${name} has died; starting it again.`);
      await pause(delay, undefined, { signal: wanted }).catch(() => undefined);
      if (wanted.aborted) return;
    }
  }
}

/** What a service lacks to be ready, by its own report; empty when it is ready. */
async function lacking(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    if (answer.ok) return '';
    const { checks } = (await answer.json()) as { checks: Record<string, { ready: boolean; reason: string | null }> };
    const lacks = Object.entries(checks).filter(([, { ready }]) => !ready);
    return lacks.map(([name, { reason }]) => `${name}: ${reason}`).join(', ') || 'it is stopping';
  } catch {
    // Nobody listens yet, or whoever does is too slow.
    return 'no answer';
  }
}
