import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { EngineCalls } from './engine-calls.js';
import type { EngineImage, ServiceProcess } from './engine-objects.js';
import { isNotModified } from './errors.js';

export interface ProcessLimits {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

export interface LogOptions {
  readonly tail: number;
  readonly follow: boolean;
}

interface ImageConfiguration {
  readonly Volumes?: object | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly OnBuild?: readonly string[] | null;
}

/** The calls to one engine that only services beside a workbench need. All methods throw AppError only. */
export class ServicesClient {
  constructor(private readonly calls: EngineCalls) {}

  /** @throws AppError with `missingImage` when the engine does not have it. */
  async inspectImage(reference: string, signal?: AbortSignal): Promise<EngineImage> {
    const { Id, RepoDigests, Config, Size } = await this.calls.read(
      `look at image ${reference}`,
      signal,
      (docker, abortSignal) => docker.getImage(reference).inspect({ abortSignal } as object),
    );
    // What is not set is null, whatever the types of the library say.
    const { Volumes, Labels, OnBuild } = Config as object as ImageConfiguration;
    return {
      id: Id,
      digests: RepoDigests ?? [],
      volumes: Object.keys(Volumes ?? {}),
      labels: Labels ?? {},
      bytes: Size,
      triggers: OnBuild ?? [],
    };
  }

  async inspectProcess(id: string, signal?: AbortSignal): Promise<ServiceProcess> {
    const { State } = await this.calls.read(`look at container ${id}`, signal, (docker, abortSignal) =>
      docker.getContainer(id).inspect({ abortSignal }),
    );
    return { isRunning: State.Running, exitCode: State.ExitCode, health: State.Health?.Status ?? null };
  }

  /** Asks it to end, and kills it when its own time for that is over. Stopping what does not run is success. */
  async stopContainer(id: string, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`stop container ${id}`, signal, async (docker, abortSignal) => {
      try {
        await docker.getContainer(id).stop({ abortSignal });
      } catch (error) {
        if (!isNotModified(error)) throw error;
      }
    });
  }

  async limitContainer(id: string, { cpuMillis, memoryBytes }: ProcessLimits, signal?: AbortSignal): Promise<void> {
    // Equal to Memory: no swap.
    const limits = { NanoCpus: cpuMillis * 1_000_000, Memory: memoryBytes, MemorySwap: memoryBytes };
    await this.calls.change(`limit container ${id}`, signal, (docker, abortSignal) =>
      docker.getContainer(id).update({ _query: {}, _body: limits, abortSignal } as object),
    );
  }

  /** @throws AppError `conflict` when it is in that network already. */
  async connect(
    networkId: string,
    containerId: string,
    aliases: readonly string[],
    signal?: AbortSignal,
  ): Promise<void> {
    const body = { Container: containerId, EndpointConfig: { Aliases: [...aliases] } };
    await this.calls.change(`connect ${containerId} to network ${networkId}`, signal, (docker, abortSignal) =>
      docker
        .getNetwork(networkId)
        .connect({ _query: {}, _body: body, abortSignal } as unknown as Docker.NetworkConnectOptions),
    );
  }

  /** @throws AppError `not_found` when it is not in that network. */
  async disconnect(networkId: string, containerId: string, signal?: AbortSignal): Promise<void> {
    const body = { Container: containerId, Force: true };
    await this.calls.change(`disconnect ${containerId} from network ${networkId}`, signal, (docker, abortSignal) =>
      docker
        .getNetwork(networkId)
        .disconnect({ _query: {}, _body: body, abortSignal } as unknown as Docker.NetworkConnectOptions),
    );
  }

  /** As the engine sends it: both streams in one, in frames. It breaks off with the signal. */
  logs(id: string, { tail, follow }: LogOptions, signal: AbortSignal): Promise<Readable> {
    const send = async (docker: Docker, abortSignal: AbortSignal): Promise<Readable> => {
      // The library streams an answer only where it reads `follow` among its own options.
      const options = {
        follow: true as const,
        _query: { stdout: true, stderr: true, tail, follow },
        abortSignal: AbortSignal.any([signal, abortSignal]),
      };
      return (await docker.getContainer(id).logs(options)) as Readable;
    };
    return this.calls.once(`read the log of ${id}`, send, signal);
  }
}
