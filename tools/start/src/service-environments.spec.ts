import type { ServiceName } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { inherited, told } from './service-environments.js';

const common = { PATH: '/bin', HOME: '/home/a', NODE_OPTIONS: '--x', OTEL_TRACES_SAMPLER: 'x', LOG_LEVEL: 'warn' };
const registry = { DOCKER_USERNAME: 'a', DOCKER_PASSWORD: 'secret' };
const rate = { NALABO_REQUESTS_PER_SECOND: '5' };
const quota = { NALABO_LIVE_SESSIONS_PER_OWNER: '2' };
const decidedElsewhere = {
  DATABASE_URL: 'x',
  NATS_URL: 'x',
  DOCKER_HOST: 'x',
  HEALTH_HOST: '0.0.0.0',
  HOST: 'x',
  KUBECONFIG: 'x',
};
const foreign = { AWS_SECRET_ACCESS_KEY: 'secret', API_KEY_PEPPER: 'x', OTEL: 'x', MYPATH: 'x' };
const caller = { ...common, ...registry, ...rate, ...quota, ...decidedElsewhere, ...foreign };

describe('what a service inherits from the caller', () => {
  it.each<[ServiceName, NodeJS.ProcessEnv]>([
    ['gateway', { ...common, ...rate }],
    ['provisioner', { ...common, ...registry, ...quota }],
    ['executor', { ...common, ...registry }],
    ['monitor', { ...common, ...registry }],
    ['cleanup', common],
  ])('is for the %s only what its configuration names', (service, expected) => {
    expect(inherited(service, caller)).toEqual(expected);
  });
});

describe('what a service is told about Kubernetes', () => {
  const kubernetes = { KUBECONFIG: '/config', K8S_TOKEN: 'secret' };
  const secrets = { apiKey: '', apiKeyPepper: '', databasePasswords: {} as Record<ServiceName, string> };
  const servers = { natsUrl: 'x', dockerHost: 'x', workbenchImage: 'x', kubernetes };

  it.each<[ServiceName, object]>([
    ['gateway', {}],
    ['provisioner', kubernetes],
    ['executor', kubernetes],
    ['monitor', kubernetes],
    ['cleanup', {}],
  ])('is for the %s what it needs for its targets', (service, expected) => {
    const { KUBECONFIG, K8S_TOKEN } = told({ root: '/', instance: 'a', port: 3000, secrets, ...servers }, service);
    expect({ KUBECONFIG, K8S_TOKEN }).toEqual({ KUBECONFIG: undefined, K8S_TOKEN: undefined, ...expected });
  });
});
