import { createHash } from 'node:crypto';
import { writeDockerfile } from '@nalabo/policy';
import type { ImageBuild } from '../apply.js';

/** What tells two builds apart: the file in our own words, and all that may be copied from. */
export function buildDigest({ dockerfile, files }: ImageBuild): string {
  const sorted = Object.entries(files).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([writeDockerfile(dockerfile), sorted]))
    .digest('hex');
}

/** The name of a built image in the model of a service. It is none that a registry could have. */
export function builtImageName(build: ImageBuild): string {
  return `built@${buildDigest(build)}`;
}
