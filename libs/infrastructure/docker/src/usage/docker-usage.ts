import { readFile } from 'node:fs/promises';
import { AppError } from '@nalabo/kernel';
import { sessionObjectName, type SessionRef, type UsageSample } from '@nalabo/infrastructure-port';
import type { DockerClient } from '../engine/docker.client.js';
import type { EngineContainer } from '../engine/engine-objects.js';
import { identityOf, instanceLabels } from '../session/docker-labels.js';
import {
  cgroupCandidates,
  cpuSeconds,
  firstMember,
  memoryBytes,
  processCount,
  traffic,
  type CgroupFiles,
  type Traffic,
} from './cgroup-files.js';
import { toUsageSample } from './engine-figures.js';
import { sumSamples } from './sum-samples.js';

/**
 * The figures of sessions: of the workbench and of the services beside it together, for they share the session's limits.
 * The kernel's files cost next to nothing but are there only on the engine's own machine; otherwise the engine is asked,
 * for all containers at once, because each of its answers takes about a second.
 */
export class DockerUsage {
  constructor(
    private readonly client: DockerClient,
    private readonly instance: string,
    private readonly isLocal: boolean,
  ) {}

  async sample(refs: readonly SessionRef[], signal: AbortSignal): Promise<readonly UsageSample[]> {
    const containers = await this.client.containers({ labels: instanceLabels(this.instance) }, signal);
    const running = Map.groupBy(
      containers.filter(({ state }) => state === 'running'),
      ({ labels }) => identityOf(labels).sessionId,
    );
    const samples = refs.map(({ sessionId }) => this.sampleSession(sessionId, running.get(sessionId) ?? [], signal));
    return (await Promise.all(samples)).filter((sample) => sample !== undefined);
  }

  /** Undefined when the workbench does not run: the session is not in use then. */
  private async sampleSession(
    sessionId: string,
    containers: readonly EngineContainer[],
    signal: AbortSignal,
  ): Promise<UsageSample | undefined> {
    if (!containers.some(({ name }) => name === sessionObjectName(sessionId))) return undefined;
    const samples = await Promise.all(containers.map(({ id }) => this.sampleOne(sessionId, id, signal)));
    return sumSamples(samples.filter((sample) => sample !== undefined));
  }

  private async sampleOne(
    sessionId: string,
    containerId: string,
    signal: AbortSignal,
  ): Promise<UsageSample | undefined> {
    const fromFiles = this.isLocal ? await fromCgroupFiles(sessionId, containerId) : undefined;
    return fromFiles ?? this.fromEngine(sessionId, containerId, signal);
  }

  private async fromEngine(
    sessionId: string,
    containerId: string,
    signal: AbortSignal,
  ): Promise<UsageSample | undefined> {
    try {
      return toUsageSample(sessionId, await this.client.stats(containerId, signal));
    } catch (error) {
      // It ended between the list and this question: a session without figures is missing from the answer.
      if (error instanceof AppError && (error.kind === 'not_found' || error.kind === 'conflict')) return undefined;
      throw error;
    }
  }
}

async function fromCgroupFiles(sessionId: string, containerId: string): Promise<UsageSample | undefined> {
  for (const files of cgroupCandidates(containerId)) {
    const cpu = await readIfThere(files.cpu);
    if (cpu !== undefined) return sampleFrom(sessionId, files, cpu);
  }
  return undefined;
}

async function sampleFrom(sessionId: string, files: CgroupFiles, cpu: string): Promise<UsageSample> {
  const paths = [files.memory, files.memoryStat, files.processCount, files.members];
  const [memory, memoryStat, count, members] = await Promise.all(paths.map(readIfThere));
  const network = await trafficOf(firstMember(members ?? ''));
  return {
    sessionId,
    cpuSecondsTotal: cpuSeconds(files.layout, cpu),
    memoryBytes: memoryBytes(files.layout, memory ?? '', memoryStat ?? ''),
    networkReceivedBytes: network?.receivedBytes ?? null,
    networkSentBytes: network?.sentBytes ?? null,
    processes: processCount(count ?? ''),
  };
}

async function trafficOf(pid: number | undefined): Promise<Traffic | undefined> {
  const devices = pid === undefined ? undefined : await readIfThere(`/proc/${pid}/net/dev`);
  return devices === undefined ? undefined : traffic(devices);
}

/** A file of a container that ends meanwhile vanishes, which is no error of ours. */
function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
