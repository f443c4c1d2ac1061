import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@nalabo/contracts';
import { prepareDatabase } from '@nalabo/persistence';
import { freePort, type KubernetesSettings } from '@nalabo/setup';
import type { KeptSecrets } from './kept-secrets.js';

/** What is there when the services are started. The URLs carry passwords. */
export interface Foundation {
  readonly root: string;
  readonly instance: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly natsUrl: string;
  readonly dockerHost: string;
  readonly workbenchImage: string;
  readonly kubernetes: KubernetesSettings;
  readonly secrets: KeptSecrets;
  /** Take the place of what the environment says. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Health is served at HEALTH_PORT; by the gateway, where the API is. */
export type ServiceEnvironments = Record<ServiceName, NodeJS.ProcessEnv & { readonly HEALTH_PORT: string }>;

/** Gives each service its own role and schema, and everything it is told by its environment. */
export async function serviceEnvironments(foundation: Foundation): Promise<ServiceEnvironments> {
  const entries: [ServiceName, ServiceEnvironments[ServiceName]][] = [];
  for (const name of serviceNames) {
    const databaseUrl = await prepareDatabase({
      adminUrl: foundation.adminUrl,
      schema: name,
      role: `nalabo_${name}`,
      password: foundation.secrets.databasePasswords[name],
    });
    const port = name === 'gateway' ? foundation.port : await freePort();
    entries.push([
      name,
      {
        ...inherited(name, { ...process.env, ...foundation.settings }),
        ...told(foundation, name),
        DATABASE_URL: databaseUrl,
        HEALTH_PORT: `${port}`,
      },
    ]);
  }
  return Object.fromEntries(entries) as ServiceEnvironments;
}

/** What a service is told by us, before anything it inherits. Whoever works on targets holds what opens them. */
export function told(
  { natsUrl, instance, ...foundation }: Omit<Foundation, 'adminUrl' | 'settings'>,
  name: ServiceName,
): NodeJS.ProcessEnv {
  const everybody = { NATS_URL: natsUrl, NALABO_INSTANCE: instance, OTEL_SERVICE_NAME: `nalabo-${name}` };
  const { dockerHost, workbenchImage, kubernetes } = foundation;
  const onTargets = { ...kubernetes, DOCKER_HOST: dockerHost, NALABO_WORKBENCH_IMAGE: workbenchImage };
  const own: Record<ServiceName, NodeJS.ProcessEnv> = {
    gateway: {
      HOST: '127.0.0.1',
      PORT: `${foundation.port}`,
      API_KEY_PEPPER: foundation.secrets.apiKeyPepper,
      NALABO_BOOTSTRAP_KEY: foundation.secrets.apiKey,
    },
    provisioner: { ...onTargets, NALABO_WORKSHOPS: join(foundation.root, 'workshops') },
    executor: onTargets,
    monitor: onTargets,
    cleanup: {},
  };
  return { ...everybody, ...own[name] };
}

const forEverybody = /^(PATH|HOME|TZ|LANG|LOG_LEVEL|(NODE|OTEL)_.+)$/;
const forTargets = [
  'NALABO_TARGETS',
  'NALABO_IMAGES',
  'DOCKER_CERT_PATH',
  'DOCKER_NETWORK',
  'DOCKER_USERNAME',
  'DOCKER_PASSWORD',
  'NALABO_REGISTRY_AUTH',
  'NALABO_BUILD_CGROUP',
];
/** How helm gets out to fetch a chart. */
const forHelm = ['HTTPS_PROXY', 'NO_PROXY'];

/** What a user may set for a service, by the service's own configuration. */
const settings: Record<ServiceName, readonly string[]> = {
  gateway: ['NALABO_REQUESTS_PER_SECOND', 'NALABO_REQUEST_BURST'],
  provisioner: [
    ...forTargets,
    ...forHelm,
    'NALABO_LIVE_SESSIONS_PER_OWNER',
    'NALABO_CREATES_PER_MINUTE',
    'NALABO_PROVISIONS_PER_TARGET',
    'NALABO_QUEUE_PER_TARGET',
  ],
  executor: forTargets,
  monitor: forTargets,
  cleanup: [],
};

/**
 * The part of the caller's environment that a service has a use for: a secret of one service, or of the user, is no
 * business of the others. Which servers a service uses is decided here alone, so no address is among it.
 */
export function inherited(service: ServiceName, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isWanted = (name: string): boolean => forEverybody.test(name) || settings[service].includes(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isWanted(name)));
}
