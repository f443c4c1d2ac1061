import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@nalabo/contracts';
import {
  ensureServiceImages,
  ensureWorkbenchImage,
  type InstallPackages,
  type KubernetesSettings,
  prepareKubernetes,
  type Report,
  startEngine,
  startNats,
  startPostgres,
} from '@nalabo/setup';
import type { Access } from './dev-env.js';
import { aborted } from './end-signal.js';
import { keptSecrets } from './kept-secrets.js';
import { offeredImages } from './offered-images.js';
import { requireFreePort } from './require-free-port.js';
import { serviceEnvironments, type Foundation } from './service-environments.js';
import { ServiceProcess } from './service-process.js';

/** Sources and compiled files lie equally deep, so this is the workspace in both. */
export const workspaceRoot = join(import.meta.dirname, '../../..');

export interface StackOptions {
  /** Holds data, passwords and the key; the same directory gives the same installation again. */
  readonly directory: string;
  /** The label of everything that this installation makes. */
  readonly instance: string;
  /** Of the HTTP API. */
  readonly port: number;
  /** Receives one line about each step and each service that dies. */
  readonly report: Report;
  /** Receives what the services log. */
  readonly onLine?: (service: ServiceName, line: string) => void;
  /** For servers of one's own although the environment names others, and for data that nobody needs afterwards. */
  readonly ephemeral?: boolean;
  /** Of the message bus to use instead of a server of one's own. Carries user and password: not for logs. */
  readonly natsUrl?: string;
  /** What a user would set for the services, before the environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: with the cluster that the environment names. `false`: without it. */
  readonly kubernetes?: boolean;
  readonly install?: InstallPackages;
  /** Breaks the start-up off: between two steps, or while the services are getting ready. */
  readonly signal?: AbortSignal;
}

export interface RunningStack extends Access {
  readonly dockerHost: string;
  readonly workbenchImage: string;
  /** What the services are told about a cluster; empty without one. */
  readonly kubernetes: KubernetesSettings;
  readonly services: ReadonlyMap<ServiceName, ServiceProcess>;
  /** Settles with the reason when the stack cannot be kept running. */
  readonly failed: Promise<string>;
  /** Ends all that was started, the last first. Sessions are left as they are. */
  stop(): Promise<void>;
}

/** Brings up servers, engine, image and the five services. When a step fails, what was started before is ended. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  await using started = new AsyncDisposableStack();
  await requireFreePort(options.port);
  const foundation = await layFoundation(options, started);
  const environments = await serviceEnvironments(foundation);
  options.signal?.throwIfAborted();

  const failed = Promise.withResolvers<string>();
  const services = serviceNames.map((name) => {
    const { [name]: environment } = environments;
    const service = new ServiceProcess({
      name,
      root: workspaceRoot,
      environment,
      readyUrl: `http://127.0.0.1:${environment.HEALTH_PORT}/health/ready`,
      report: options.report,
      onLine: options.onLine ?? (() => undefined),
      onGivenUp: failed.resolve,
    });
    started.defer(() => service.stop());
    return service;
  });
  const ready = Promise.all(services.map((service) => service.start()));
  await (options.signal ? Promise.race([ready, aborted(options.signal)]) : ready);
  options.signal?.throwIfAborted();

  const running = started.move();
  return {
    url: `http://127.0.0.1:${options.port}`,
    apiKey: foundation.secrets.apiKey,
    dockerHost: foundation.dockerHost,
    workbenchImage: foundation.workbenchImage,
    kubernetes: foundation.kubernetes,
    services: new Map(services.map((service) => [service.name, service])),
    failed: failed.promise,
    stop: () => running.disposeAsync(),
  };
}

async function layFoundation(options: StackOptions, started: AsyncDisposableStack): Promise<Foundation> {
  const { directory, report, signal, instance, port } = options;
  const secrets = await keptSecrets(join(directory, 'secrets.json'));
  const engine = await startEngine(options);
  started.defer(() => engine.stop());
  signal?.throwIfAborted();
  const onEngine = { ...options, dockerHost: engine.dockerHost };
  const image = await ensureWorkbenchImage(onEngine);
  signal?.throwIfAborted();
  await ensureServiceImages(await offeredImages(join(workspaceRoot, 'workshops')), onEngine);
  signal?.throwIfAborted();
  const kubernetes = options.kubernetes === false ? {} : await prepareKubernetes(onEngine);
  signal?.throwIfAborted();
  const adminUrl = await postgresUrl(options, started);
  const natsUrl = await natsUrlOf(options, started);
  report('Starting the services.');
  const targets = { dockerHost: engine.dockerHost, workbenchImage: image.reference, kubernetes };
  const settings = options.settings ?? {};
  return { root: workspaceRoot, instance, port, secrets, adminUrl, natsUrl, settings, ...targets };
}

async function postgresUrl(
  { directory, report, ephemeral }: StackOptions,
  started: AsyncDisposableStack,
): Promise<string> {
  const given = process.env['DATABASE_URL'];
  if (given && !ephemeral) return given;
  const dataDirectory = join(directory, 'postgres');
  const postgres = await startPostgres({ dataDirectory, report, ephemeral: ephemeral ?? false });
  started.defer(() => postgres.stop());
  return postgres.adminUrl;
}

async function natsUrlOf(
  { directory, report, ephemeral, natsUrl }: StackOptions,
  started: AsyncDisposableStack,
): Promise<string> {
  if (natsUrl) return natsUrl;
  const given = process.env['NATS_URL'];
  if (given && !ephemeral) return given;
  const nats = await startNats({ storeDirectory: join(directory, 'nats'), report });
  started.defer(() => nats.stop());
  return nats.url;
}
