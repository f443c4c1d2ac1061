import type { Capabilities, Capability } from '@nalabo/contracts';
import { systemClock, toAppError } from '@nalabo/kernel';
import { type InfrastructureTarget, InitialServices, ServicesApply } from '@nalabo/infrastructure-port';
import { ImageBuilds } from './builds/image-builds.js';
import type { DockerTargetConfig } from './docker-target.config.js';
import { DockerClient } from './engine/docker.client.js';
import { ServicesClient } from './engine/services.client.js';
import { DockerExec } from './exec/docker-exec.js';
import { DockerPreflight } from './preflight/docker-preflight.js';
import { DockerServices } from './services/docker-services.js';
import { shippedImages } from './services/image-catalogue.js';
import { ServiceImages } from './services/service-images.js';
import { SessionContents } from './services/session-contents.js';
import { DockerLifecycle } from './session/docker-lifecycle.js';
import { DockerObserve } from './session/docker-observe.js';
import { DockerRemoval } from './session/docker-removal.js';
import { SessionObjects } from './session/session-objects.js';
import { StorageQuota } from './session/storage-quota.js';
import { DockerUsage } from './usage/docker-usage.js';

/**
 * Sessions as containers of one Docker engine. Nothing is sent until a facet is used.
 * @throws AppError `invalid_input` when the engine's address is malformed.
 */
export function createDockerTarget(config: DockerTargetConfig): InfrastructureTarget {
  const client = new DockerClient(config);
  const objects = new SessionObjects(client, config.instance);
  const quota = new StorageQuota(client, config.instance);
  const usage = new DockerUsage(client, config.instance, config.dockerHost.startsWith('unix://'));
  const exec = new DockerExec(client, config.instance);
  const removal = new DockerRemoval(client, systemClock);
  const images = new ServiceImages(client, new ServicesClient(client.calls));
  const builds = new ImageBuilds(client, images, removal, config);
  const services = new DockerServices({
    client,
    services: new ServicesClient(client.calls),
    objects,
    images,
    catalogue: config.images ?? shippedImages,
    builds,
  });
  const contents = new SessionContents(services, new InitialServices(services, exec));
  return {
    name: config.name,
    describe: {
      kind: 'docker',
      capabilities: () => capabilities(quota, builds),
      preflight: (signal) => new DockerPreflight(client, quota, builds).run(signal),
    },
    lifecycle: new DockerLifecycle(client, objects, removal, quota, contents, config),
    observe: new DockerObserve(client, objects, usage),
    exec,
    apply: new ServicesApply(services, exec, buildsOf(builds)),
  };
}

const available: Capability = { available: true, reason: null };
const absent = (reason: string): Capability => ({ available: false, reason });

function buildsOf({ isOn }: ImageBuilds): Capability {
  return isOn ? available : absent('building is switched off (the target has no buildCgroupParent)');
}

async function capabilities(quota: StorageQuota, builds: ImageBuilds): Promise<Capabilities> {
  return {
    exec: available,
    usage: available,
    processLimit: available,
    selfEnding: available,
    storageQuota: await quota.prove().catch((error: unknown) => absent(toAppError(error).publicMessage)),
    apply: available,
    builds: buildsOf(builds),
    terminal: available,
    kubeconfig: absent('a Docker session has no cluster'),
  };
}
