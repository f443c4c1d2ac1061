import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { EngineConnection } from './connect-engine.js';
import { EngineCalls } from './engine-calls.js';
import type {
  CreateBody,
  EngineContainer,
  EngineContainerDetails,
  EngineExec,
  EngineFacilities,
  EngineFilter,
  EngineNetwork,
  EngineVersion,
  EngineVolume,
} from './engine-objects.js';
import { isNotModified, toStartError } from './errors.js';
import { ImagePulls, type PullOptions, type PullSettings } from './image-pulls.js';
import { toContainer, toFacilities, toFilters, toNetwork, toVolume } from './to-engine-objects.js';

/** The library hands the signal on, which its types do not know. */
function figuresOnce(abortSignal: AbortSignal): { stream: false; 'one-shot': true } {
  return { stream: false, 'one-shot': true, ...{ abortSignal } };
}

/**
 * Every call to one engine. Control calls have a deadline and end with the caller's signal; streams have neither.
 * All methods throw AppError only.
 */
export class DockerClient {
  /** For clients of further parts of the same engine. */
  readonly calls: EngineCalls;
  readonly pulls: ImagePulls;

  constructor(connection: EngineConnection & PullSettings) {
    this.calls = new EngineCalls(connection);
    this.pulls = new ImagePulls(this.calls, connection);
  }

  /** Asks anew and settles the version of the API that is spoken from now on. */
  version(signal?: AbortSignal): Promise<EngineVersion> {
    return this.calls.version(signal);
  }

  /** What the engine says about itself and its machine. */
  facilities(signal?: AbortSignal): Promise<EngineFacilities> {
    return this.calls.read('ask the engine about itself', signal, async (docker, abortSignal) => {
      const ask = docker.info as (options: { abortSignal: AbortSignal }) => Promise<object>;
      return toFacilities(await ask.call(docker, { abortSignal }));
    });
  }

  async containers(filter: EngineFilter, signal?: AbortSignal): Promise<readonly EngineContainer[]> {
    const filters = toFilters(filter);
    const found = await this.calls.read('list containers', signal, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters, abortSignal }),
    );
    return found.map(toContainer);
  }

  async networks(filter: EngineFilter, signal?: AbortSignal): Promise<readonly EngineNetwork[]> {
    const filters = toFilters(filter);
    const found = await this.calls.read('list networks', signal, (docker, abortSignal) =>
      docker.listNetworks({ filters, abortSignal }),
    );
    return found.map(toNetwork);
  }

  async volumes(filter: EngineFilter, signal?: AbortSignal): Promise<readonly EngineVolume[]> {
    const filters = toFilters(filter);
    const found = await this.calls.read('list volumes', signal, (docker, abortSignal) =>
      docker.listVolumes({ filters, abortSignal }),
    );
    return found.Volumes.map(toVolume);
  }

  /** @throws AppError as `ImagePulls` does. */
  pullImage(reference: string, options: PullOptions = {}): Promise<void> {
    return this.pulls.pull(reference, options);
  }

  async createContainer(name: string, body: CreateBody, signal?: AbortSignal): Promise<string> {
    const created = await this.calls.change(`create container ${name}`, signal, (docker, abortSignal) =>
      // Given plainly, the whole body, environment included, would be repeated in the address.
      docker.createContainer({ _query: { name }, _body: body, abortSignal } as Docker.ContainerCreateOptions),
    );
    return created.id;
  }

  async createNetwork(body: CreateBody & { readonly Name: string }, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`create network ${body.Name}`, signal, (docker, abortSignal) =>
      docker.createNetwork({ _query: {}, _body: body, abortSignal } as unknown as Docker.NetworkCreateOptions),
    );
  }

  /** Succeeds, changing nothing, when a volume of this name exists, whoever it belongs to. */
  async createVolume(body: CreateBody & { readonly Name: string }, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`create volume ${body.Name}`, signal, (docker, abortSignal) =>
      docker.createVolume({ _query: {}, _body: body, abortSignal } as unknown as Docker.VolumeCreateOptions),
    );
  }

  async inspectContainer(idOrName: string, signal?: AbortSignal): Promise<EngineContainerDetails> {
    const { Id, State, Config } = await this.calls.read(
      `look at container ${idOrName}`,
      signal,
      (docker, abortSignal) => docker.getContainer(idOrName).inspect({ abortSignal }),
    );
    return { id: Id, isRunning: State.Running, labels: Config.Labels, environment: Config.Env };
  }

  /** Starting what runs already is success. */
  async startContainer(id: string, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`start container ${id}`, signal, async (docker, abortSignal) => {
      try {
        await docker.getContainer(id).start({ abortSignal });
      } catch (error) {
        if (!isNotModified(error)) throw error;
      }
    });
  }

  /** Kills it first, and takes its anonymous volumes along. */
  async removeContainer(id: string, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`remove container ${id}`, signal, (docker, abortSignal) =>
      docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
    );
  }

  async removeNetwork(id: string, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`remove network ${id}`, signal, (docker, abortSignal) =>
      docker.getNetwork(id).remove({ abortSignal }),
    );
  }

  async removeVolume(name: string, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`remove volume ${name}`, signal, (docker, abortSignal) =>
      docker.getVolume(name).remove({ abortSignal }),
    );
  }

  async createExec(containerId: string, options: Docker.ExecCreateOptions, signal?: AbortSignal): Promise<string> {
    const exec = await this.calls.read(`create exec in container ${containerId}`, signal, (docker, abortSignal) =>
      docker.getContainer(containerId).exec({ ...options, abortSignal }),
    );
    return exec.id;
  }

  /**
   * Never sent twice. The stream has no deadline; half-closing it ends the command's standard input.
   * @throws AppError `timeout` when it may have been started, `unavailable` only when it was not.
   */
  startExec(execId: string, isTerminal = false): Promise<Duplex> {
    const started = this.calls.once(`start exec ${execId}`, (docker, abortSignal) =>
      docker.getExec(execId).start({ hijack: true, stdin: true, Tty: isTerminal, abortSignal }),
    );
    return started.catch((error: unknown) => {
      throw toStartError(error);
    });
  }

  /** Of an exec on a terminal, in characters. @throws AppError when it does not run. */
  async resizeExec(execId: string, size: { readonly columns: number; readonly rows: number }): Promise<void> {
    await this.calls.read(`resize exec ${execId}`, undefined, (docker, abortSignal) =>
      docker.getExec(execId).resize({ w: size.columns, h: size.rows, abortSignal }),
    );
  }

  async inspectExec(execId: string): Promise<EngineExec> {
    const { Running, ExitCode } = await this.calls.read(`look at exec ${execId}`, undefined, (docker, abortSignal) =>
      docker.getExec(execId).inspect({ abortSignal }),
    );
    return { isRunning: Running, exitCode: ExitCode };
  }

  /** The engine's own figures of one container, as it sends them. */
  stats(id: string, signal?: AbortSignal): Promise<unknown> {
    return this.calls.read(`read figures of container ${id}`, signal, (docker, abortSignal) =>
      docker.getContainer(id).stats(figuresOnce(abortSignal)),
    );
  }
}
