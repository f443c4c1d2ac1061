import {
  folderVolumeCount,
  ownershipOf,
  prefixedLabels,
  sessionObjectName,
  type SessionSpec,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { CreateBody } from '../engine/engine-objects.js';
import { workbenchShare } from '../services/workbench-share.js';
import { labelPrefix } from './docker-labels.js';
import { workbenchProfile } from './hardening-profile.js';

/** Variables that make a shell, the loader or the C library run somebody's code: a locale may name a module of its own. */
const keeperVariable = /^(LD_.*|GLIBC_TUNABLES|LOCPATH|GCONV_PATH|ENV|BASH_ENV|BASH_FUNC_.*|BASHOPTS|SHELLOPTS)$/;

export interface ContainerSurroundings {
  readonly instance: string;
  readonly image: string;
  /** The id, not the name: names of networks are not unique on every engine. */
  readonly networkId: string;
}

/** The create request of a session's workbench. */
export function workbenchOptions(spec: SessionSpec, surroundings: ContainerSurroundings): CreateBody {
  const { cpuMillis, memoryBytes } = workbenchShare(spec.limits, spec.applied);
  const labels = prefixedLabels(ownershipOf(surroundings.instance, spec), labelPrefix);
  return {
    ...workbenchProfile.container,
    Image: surroundings.image,
    Entrypoint: ['/usr/local/bin/nalabo-keeper'],
    Cmd: [spec.sessionId, spec.workshopId, String(spec.endsByEpochSeconds)],
    Env: environmentOf(spec),
    Labels: labels,
    HostConfig: {
      ...workbenchProfile.host,
      NanoCpus: cpuMillis * 1_000_000,
      Memory: memoryBytes,
      // Equal to Memory: no swap.
      MemorySwap: memoryBytes,
      NetworkMode: surroundings.networkId,
      Mounts: mountsOf(spec, labels),
    },
  };
}

/** @throws AppError `unprocessable` for a variable that would change the keeper, which starts with this environment. */
function environmentOf({ environment }: SessionSpec): readonly string[] {
  const reserved = Object.keys(environment).find((name) => keeperVariable.test(name));
  if (reserved !== undefined) throw new AppError('unprocessable', `environment variable ${reserved} is reserved`);
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

/**
 * Named volumes only. They are filled from the image's directories, which gives them the learner as owner. The labels are
 * for the engine: it makes a volume that is missing at that moment, and without them nobody would know whose it is.
 */
function mountsOf({ sessionId }: SessionSpec, labels: Readonly<Record<string, string>>): readonly CreateBody[] {
  const mount = (part: string, target: string): CreateBody => ({
    Type: 'volume',
    Source: sessionObjectName(sessionId, part),
    Target: target,
    ReadOnly: false,
    VolumeOptions: { NoCopy: false, Labels: labels },
  });
  const folders = Array.from({ length: folderVolumeCount }, (_, index) =>
    mount(`f${index}`, `/workspace/.folders/${index}`),
  );
  return [mount('workspace', '/workspace'), ...folders];
}
