import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { AppError } from '@nalabo/kernel';
import type Docker from 'dockerode';
import { chooseApiVersion } from './api-version.js';
import { connectEngine, type EngineConnection } from './connect-engine.js';
import { controlCall } from './control-call.js';
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
import { isNotModified, toStartError, toStreamError } from './errors.js';
import { pullFailure } from './pull-failure.js';
import { toContainer, toFacilities, toFilters, toNetwork, toVolume } from './to-engine-objects.js';

const versionDeadlineMs = 5_000;
const controlDeadlineMs = 20_000;
const changeDeadlineMs = 60_000;
const pullDeadlineMs = 600_000;

/** The library hands the signal on, which its types do not know. */
function figuresOnce(abortSignal: AbortSignal): { stream: false; 'one-shot': true } {
  return { stream: false, 'one-shot': true, ...{ abortSignal } };
}

type Send<T> = (docker: Docker, abortSignal: AbortSignal) => Promise<T>;

/**
 * Every call to one engine. Control calls have a deadline and end with the caller's signal; streams have neither.
 * All methods throw AppError only.
 */
export class DockerClient {
  private readonly docker: Docker;
  private negotiation: Promise<EngineVersion> | undefined;

  constructor(private readonly connection: EngineConnection) {
    this.docker = connectEngine(connection);
  }

  /** Asks anew and settles the version of the API that is spoken from now on. */
  version(signal?: AbortSignal): Promise<EngineVersion> {
    const operation = 'ask the engine for its version';
    const call = { operation, deadlineMs: versionDeadlineMs, signal, isIdempotent: true };
    return controlCall(call, async (abortSignal) => {
      const ask = this.docker.version as (options: { abortSignal: AbortSignal }) => Promise<Docker.DockerVersion>;
      const answer = await ask.call(this.docker, { abortSignal });
      const apiVersion = chooseApiVersion({ newest: answer.ApiVersion, oldest: answer.MinAPIVersion });
      Object.assign(this.docker.modem, { version: `v${apiVersion}` });
      return { version: answer.Version, apiVersion };
    });
  }

  /** What the engine says about itself and its machine. */
  facilities(signal?: AbortSignal): Promise<EngineFacilities> {
    return this.call('ask the engine about itself', signal, async (docker, abortSignal) => {
      const ask = docker.info as (options: { abortSignal: AbortSignal }) => Promise<object>;
      return toFacilities(await ask.call(docker, { abortSignal }));
    });
  }

  async containers(filter: EngineFilter, signal?: AbortSignal): Promise<readonly EngineContainer[]> {
    const filters = toFilters(filter);
    const found = await this.call('list containers', signal, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters, abortSignal }),
    );
    return found.map(toContainer);
  }

  async networks(filter: EngineFilter, signal?: AbortSignal): Promise<readonly EngineNetwork[]> {
    const filters = toFilters(filter);
    const found = await this.call('list networks', signal, (docker, abortSignal) =>
      docker.listNetworks({ filters, abortSignal }),
    );
    return found.map(toNetwork);
  }

  async volumes(filter: EngineFilter, signal?: AbortSignal): Promise<readonly EngineVolume[]> {
    const filters = toFilters(filter);
    const found = await this.call('list volumes', signal, (docker, abortSignal) =>
      docker.listVolumes({ filters, abortSignal }),
    );
    return found.Volumes.map(toVolume);
  }

  /** @throws AppError `unprocessable` when the registry refuses or has no such image. */
  async pullImage(reference: string, signal?: AbortSignal): Promise<void> {
    const operation = `pull image ${reference}`;
    await this.negotiated();
    await controlCall({ operation, deadlineMs: pullDeadlineMs, signal, isIdempotent: true }, async (abortSignal) => {
      // The library sends these credentials in a header and keeps them out of the address.
      const authconfig = this.connection.registryAuth;
      const progress = await this.docker.pull(reference, { authconfig, abortSignal });
      for await (const line of createInterface({ input: progress })) {
        const failure = pullFailure(line);
        if (failure !== undefined) throw toStreamError(failure, operation);
      }
    });
  }

  async createContainer(name: string, body: CreateBody, signal?: AbortSignal): Promise<string> {
    const created = await this.change(`create container ${name}`, signal, (docker, abortSignal) =>
      // Given plainly, the whole body, environment included, would be repeated in the address.
      docker.createContainer({ _query: { name }, _body: body, abortSignal } as Docker.ContainerCreateOptions),
    );
    return created.id;
  }

  async createNetwork(body: CreateBody & { readonly Name: string }, signal?: AbortSignal): Promise<void> {
    await this.change(`create network ${body.Name}`, signal, (docker, abortSignal) =>
      docker.createNetwork({ _query: {}, _body: body, abortSignal } as unknown as Docker.NetworkCreateOptions),
    );
  }

  /** Succeeds, changing nothing, when a volume of this name exists, whoever it belongs to. */
  async createVolume(body: CreateBody & { readonly Name: string }, signal?: AbortSignal): Promise<void> {
    await this.change(`create volume ${body.Name}`, signal, (docker, abortSignal) =>
      docker.createVolume({ _query: {}, _body: body, abortSignal } as unknown as Docker.VolumeCreateOptions),
    );
  }

  async inspectContainer(idOrName: string, signal?: AbortSignal): Promise<EngineContainerDetails> {
    const { Id, State, Config } = await this.call(`look at container ${idOrName}`, signal, (docker, abortSignal) =>
      docker.getContainer(idOrName).inspect({ abortSignal }),
    );
    return { id: Id, isRunning: State.Running, labels: Config.Labels, environment: Config.Env };
  }

  /** Starting what runs already is success. */
  async startContainer(id: string, signal?: AbortSignal): Promise<void> {
    await this.change(`start container ${id}`, signal, async (docker, abortSignal) => {
      try {
        await docker.getContainer(id).start({ abortSignal });
      } catch (error) {
        if (!isNotModified(error)) throw error;
      }
    });
  }

  /** Kills it first, and takes its anonymous volumes along. */
  async removeContainer(id: string, signal?: AbortSignal): Promise<void> {
    await this.change(`remove container ${id}`, signal, (docker, abortSignal) =>
      docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
    );
  }

  async removeNetwork(id: string, signal?: AbortSignal): Promise<void> {
    await this.change(`remove network ${id}`, signal, (docker, abortSignal) =>
      docker.getNetwork(id).remove({ abortSignal }),
    );
  }

  async removeVolume(name: string, signal?: AbortSignal): Promise<void> {
    await this.change(`remove volume ${name}`, signal, (docker, abortSignal) =>
      docker.getVolume(name).remove({ abortSignal }),
    );
  }

  async createExec(containerId: string, options: Docker.ExecCreateOptions, signal?: AbortSignal): Promise<string> {
    const exec = await this.call(`create exec in container ${containerId}`, signal, (docker, abortSignal) =>
      docker.getContainer(containerId).exec({ ...options, abortSignal }),
    );
    return exec.id;
  }

  /**
   * Never sent twice. The stream has no deadline; half-closing it ends the command's standard input.
   * @throws AppError `timeout` when it may have been started, `unavailable` only when it was not.
   */
  async startExec(execId: string, isTerminal = false): Promise<Duplex> {
    await this.negotiated();
    const call = { operation: `start exec ${execId}`, deadlineMs: controlDeadlineMs, isIdempotent: false };
    return controlCall(call, (abortSignal) =>
      this.docker.getExec(execId).start({ hijack: true, stdin: true, Tty: isTerminal, abortSignal }),
    ).catch((error: unknown) => {
      throw toStartError(error);
    });
  }

  /** Of an exec on a terminal, in characters. @throws AppError when it does not run. */
  async resizeExec(execId: string, size: { readonly columns: number; readonly rows: number }): Promise<void> {
    await this.call(`resize exec ${execId}`, undefined, (docker, abortSignal) =>
      docker.getExec(execId).resize({ w: size.columns, h: size.rows, abortSignal }),
    );
  }

  async inspectExec(execId: string): Promise<EngineExec> {
    const { Running, ExitCode } = await this.call(`look at exec ${execId}`, undefined, (docker, abortSignal) =>
      docker.getExec(execId).inspect({ abortSignal }),
    );
    return { isRunning: Running, exitCode: ExitCode };
  }

  /** The engine's own figures of one container, as it sends them. */
  stats(id: string, signal?: AbortSignal): Promise<unknown> {
    return this.call(`read figures of container ${id}`, signal, (docker, abortSignal) =>
      docker.getContainer(id).stats(figuresOnce(abortSignal)),
    );
  }

  private async call<T>(operation: string, signal: AbortSignal | undefined, send: Send<T>): Promise<T> {
    await this.negotiated();
    const call = { operation, deadlineMs: controlDeadlineMs, signal, isIdempotent: true };
    return controlCall(call, (abortSignal) => send(this.docker, abortSignal));
  }

  /** A change is not cut short once it is sent: the engine would go on with it behind our back. */
  private async change<T>(operation: string, signal: AbortSignal | undefined, send: Send<T>): Promise<T> {
    await this.negotiated();
    if (signal?.aborted) throw new AppError('cancelled', `${operation}: cancelled`);
    const call = { operation, deadlineMs: changeDeadlineMs, isIdempotent: true };
    return controlCall(call, (abortSignal) => send(this.docker, abortSignal));
  }

  private async negotiated(): Promise<void> {
    this.negotiation ??= this.version();
    try {
      await this.negotiation;
    } catch (error) {
      this.negotiation = undefined;
      throw error;
    }
  }
}
