import { realpath, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram } from '../machine/find-program.js';
import { type InstallPackages, packageInstaller } from '../machine/install-packages.js';
import { pollUntil } from '../machine/poll-until.js';
import type { Report } from '../machine/report.js';
import { runProgram } from '../machine/run-program.js';
import { SetupError } from '../machine/setup-error.js';
import { DEFAULT_ENGINE_PATHS, type EnginePaths, launchDockerd } from './dockerd-process.js';
import { answersPing, findEngine } from './find-engine.js';
import { readMachineState, restoreMachineState } from './machine-state.js';

const READY_DEADLINE_MS = 30_000;
/** A restart right after a crash meets the containerd of the crashed engine, and fails. */
const PAUSE_BEFORE_RETRY_MS = 1500;

export interface EngineOptions {
  report: Report;
  /** Default: by apt, as the command line and the terminal of this process say. */
  install?: InstallPackages;
  /** For an engine of one's own beside the machine's. Only one may manage the firewall of a network namespace. */
  paths?: EnginePaths;
}

export interface Engine {
  dockerHost: string;
  startedByUs: boolean;
  /** Ends an engine we started, with its containers, and takes back what it did to the machine; otherwise does nothing. */
  stop(): Promise<void>;
}

/** Uses the engine that answers, or starts one. Throws `SetupError` of one line when neither is possible. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const paths = options.paths ?? DEFAULT_ENGINE_PATHS;
  const dockerHost = `unix://${paths.socket}`;
  const find = async (): Promise<string | undefined> => {
    if (options.paths === undefined) return findEngine();
    return (await answersPing(dockerHost)) ? dockerHost : undefined;
  };
  const present = await find();
  if (present !== undefined) return notOurs(present);
  if (process.getuid?.() !== 0) {
    throw new SetupError('no Docker engine answers, and only root may start one: start it, or set DOCKER_HOST');
  }
  const dockerd = await obtainDockerd(options);
  // Where a service manager runs, installing the package has already started the engine.
  const installed = await find();
  if (installed !== undefined) return notOurs(installed);

  const before = await readMachineState();
  const end =
    (options.paths === undefined && (await startService())) || (await startByHand(dockerd, paths, options.report));
  options.report(`Started a Docker engine at ${dockerHost}.`);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await end();
    await restoreMachineState(before, await Promise.all([paths.dataRoot, paths.execRoot].map(resolved)));
  };
  return { dockerHost, startedByUs: true, stop: () => (stopping ??= stop()) };
}

function notOurs(dockerHost: string): Engine {
  return { dockerHost, startedByUs: false, stop: () => Promise.resolve() };
}

async function obtainDockerd({ report, install }: EngineOptions): Promise<string> {
  const present = await findProgram('dockerd');
  if (present !== undefined) return present;
  await (install ?? packageInstaller({ report }))({ names: ['docker.io'], why: 'run sessions on a Docker engine' });
  const installed = await findProgram('dockerd');
  if (installed === undefined) throw new SetupError('docker.io is installed but has no dockerd');
  return installed;
}

/**
 * Through systemd where it is in charge. Never through the init script: without the right to raise limits it fails after
 * it has mounted more control groups.
 */
async function startService(): Promise<(() => Promise<void>) | undefined> {
  const inCharge = await stat('/run/systemd/system').then(
    () => true,
    () => false,
  );
  if (!inCharge || (await runProgram('systemctl', ['start', 'docker'])).exitCode !== 0) return undefined;
  return async () => {
    await runProgram('systemctl', ['stop', 'docker.socket', 'docker.service']);
  };
}

async function startByHand(dockerd: string, paths: EnginePaths, report: Report): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt++) {
    const engine = await launchDockerd(dockerd, paths);
    const up = async (): Promise<boolean> => engine.hasEnded() || (await answersPing(`unix://${paths.socket}`));
    if ((await pollUntil(up, READY_DEADLINE_MS)) && !engine.hasEnded()) return () => engine.stop();
    await engine.stop();
    const reason = await engine.lastWord();
    if (attempt === 2) throw new SetupError(`dockerd does not start: ${reason} (log: ${paths.log})`);
    report(`dockerd did not start (${reason}); trying once more.`);
    await pause(PAUSE_BEFORE_RETRY_MS);
  }
}

function resolved(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
