import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@nalabo/contracts';
import { prepareDatabase } from '@nalabo/persistence';
import { freePort } from '@nalabo/setup';
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
  readonly secrets: KeptSecrets;
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
      { ...inherited(), ...told(foundation, name), DATABASE_URL: databaseUrl, HEALTH_PORT: `${port}` },
    ]);
  }
  return Object.fromEntries(entries) as ServiceEnvironments;
}

function told({ natsUrl, instance, ...foundation }: Foundation, name: ServiceName): NodeJS.ProcessEnv {
  const everybody = { NATS_URL: natsUrl, NALABO_INSTANCE: instance, OTEL_SERVICE_NAME: `nalabo-${name}` };
  const onTargets = { DOCKER_HOST: foundation.dockerHost, NALABO_WORKBENCH_IMAGE: foundation.workbenchImage };
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

/** The caller's environment, but no address of a server: which servers a service uses is decided here alone. */
function inherited(): NodeJS.ProcessEnv {
  const decidedHere = new Set(['DATABASE_URL', 'NATS_URL', 'DOCKER_HOST', 'HEALTH_HOST']);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !decidedHere.has(name)));
}
