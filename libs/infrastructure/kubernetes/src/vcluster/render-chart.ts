import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '@nalabo/kernel';
import { releaseName } from './virtual-cluster-names.js';

/** The only place where what helm says becomes an AppError. */

export interface ChartRequest {
  /** A folder, an archive, or a reference that helm can fetch without any configuration of its own. */
  readonly chart: string;
  /** Which version of a reference; a folder or an archive is what it is. */
  readonly version: string;
  /** The version of the cluster that will hold the objects, for example `v1.34.4`: templates depend on it. */
  readonly kubernetesVersion: string;
  readonly namespace: string;
  readonly values: unknown;
}

export interface HelmSettings {
  /** What helm is started with: where it is looked up (`PATH`), how it gets out. Nothing else is inherited. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default 60 s: fetching a chart is a part of it. */
  readonly timeLimitMs?: number;
}

const passedOn = ['PATH', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const maximumOutputBytes = 8 * 2 ** 20;
const maximumMessageBytes = 16 * 2 ** 10;
const graceMs = 2_000;
/** The chart was read, but does not accept the values or the cluster; everything else may pass by itself. */
const refusal = /specifications of the schema|execution error|parse error|YAML parse|kubeVersion/i;

/**
 * The manifests of a chart as YAML, without any trace of helm on the cluster.
 * @throws AppError `unavailable` when helm or the chart cannot be had, `unprocessable` when the chart refuses.
 */
export async function renderChart(request: ChartRequest, settings: HelmSettings): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'nalabo-helm-'));
  try {
    return await runHelm(request, settings, home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runHelm(request: ChartRequest, settings: HelmSettings, home: string): Promise<string> {
  const child = spawn('helm', argumentsOf(request), { env: environmentOf(settings, home), cwd: '/' });
  const stopped = stopAt(child, settings.timeLimitMs ?? 60_000);
  child.stdin.on('error', () => {
    // Helm may end without reading the values; why it ended is told by its exit, not by the broken pipe.
  });
  child.stdin.end(JSON.stringify(request.values));
  try {
    const [stdout, stderr, [exitCode]] = await Promise.all([
      collect(child.stdout, maximumOutputBytes, stopped.stop),
      collect(child.stderr, maximumMessageBytes, stopped.stop),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    if (exitCode !== 0) throw failure(request, stderr);
    return stdout;
  } catch (error) {
    if (stopped.why !== undefined) throw failure(request, stopped.why);
    throw error instanceof AppError ? error : notStarted(error);
  } finally {
    stopped.release();
  }
}

function argumentsOf({ chart, version, kubernetesVersion, namespace }: ChartRequest): readonly string[] {
  const options = ['--namespace', namespace, '--kube-version', kubernetesVersion, '--version', version];
  return ['template', ...options, '--values', '-', '--', releaseName, chart];
}

/** Its own folders, so that neither the chart repositories of whoever started us nor their plug-ins are used. */
function environmentOf({ environment }: HelmSettings, home: string): Record<string, string> {
  const inherited = passedOn.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
  };
}

/** Ends the process politely when its time is over or when asked to, and for certain a little later. */
function stopAt(child: ChildProcess, timeLimitMs: number) {
  let kill: NodeJS.Timeout | undefined;
  const state = {
    why: undefined as string | undefined,
    stop: (why: string): void => {
      state.why ??= why;
      child.kill('SIGTERM');
      kill ??= setTimeout(() => {
        child.kill('SIGKILL');
        // What it has started itself may still hold the other ends, and is not waited for.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, graceMs);
    },
    release: (): void => {
      clearTimeout(deadline);
      clearTimeout(kill);
    },
  };
  const deadline = setTimeout(() => state.stop(`no answer within ${timeLimitMs} ms`), timeLimitMs);
  return state;
}

async function collect(stream: Readable, maximumBytes: number, stop: (why: string) => void): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maximumBytes) chunks.push(chunk);
    else stop(`more than ${maximumBytes} bytes of output`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failure({ chart }: ChartRequest, reason: string): AppError {
  const kind = refusal.test(reason) ? 'unprocessable' : 'unavailable';
  return new AppError(kind, `render the chart ${chart}: ${reason.trim().slice(0, 1000)}`, { publicMessage });
}

function notStarted(cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'helm is not on the PATH' : `helm does not start (${code ?? String(cause)})`;
  return new AppError('unavailable', `render the chart of a virtual cluster: ${reason}`, { cause, publicMessage });
}

const publicMessage = 'The infrastructure target cannot make virtual clusters at the moment.';
