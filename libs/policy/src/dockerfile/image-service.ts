import type { ComposeModel, Endpoint, ServiceLimits } from '../compose/compose-model.js';
import { toModel } from '../compose/to-model.js';
import type { DockerfileModel, Stage } from './dockerfile-model.js';

/** The name of the service that an image runs as when it was built from a file of its own. */
export const imageServiceName = 'app';

/**
 * What a session holds when a Dockerfile is applied to it: one service of the image, which says itself what it runs.
 * @param image What the built image is called in the model.
 * @param share What is left for services. The one service gets all of it.
 */
export function serviceOfImage(dockerfile: DockerfileModel, image: string, share: ServiceLimits): ComposeModel {
  return toModel({ services: new Map([[imageServiceName, { image, expose: endpointsOf(dockerfile) }]]) }, share);
}

/** The image that the result begins with, through all of its stages. */
export function baseImageOf({ stages }: DockerfileModel): string | undefined {
  const first = lineage(stages).at(-1)?.base;
  return first && 'image' in first ? first.image : undefined;
}

function endpointsOf({ stages }: DockerfileModel): Endpoint[] {
  const steps = lineage(stages).flatMap((stage) => stage.steps);
  const ports = steps.flatMap((step) => (step.kind === 'expose' ? step.ports : []));
  return ports.map((exposed) => {
    const [port, protocol] = exposed.split('/');
    return { port: Number(port), protocol: protocol === 'udp' ? 'udp' : 'tcp', publishedPort: null };
  });
}

/** The last stage, and each stage that the one before it begins with. */
function lineage(stages: readonly Stage[]): readonly Stage[] {
  const [last] = stages.slice(-1);
  if (!last) return [];
  const { base } = last;
  if ('image' in base) return [last];
  const earlier = stages.slice(0, -1);
  return [last, ...lineage(earlier.slice(0, earlier.findLastIndex(({ name }) => name === base.stage) + 1))];
}
