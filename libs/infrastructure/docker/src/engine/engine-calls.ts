import { AppError } from '@nalabo/kernel';
import type Docker from 'dockerode';
import { chooseApiVersion } from './api-version.js';
import { connectEngine, type EngineConnection } from './connect-engine.js';
import { controlCall, type ControlCall } from './control-call.js';
import type { EngineVersion } from './engine-objects.js';

const versionDeadlineMs = 5_000;
const controlDeadlineMs = 20_000;
const changeDeadlineMs = 60_000;

export type Send<T> = (docker: Docker, abortSignal: AbortSignal) => Promise<T>;

/** How calls reach one engine: after the version is settled, with a deadline, and with AppErrors alone. */
export class EngineCalls {
  private readonly docker: Docker;
  private negotiation: Promise<EngineVersion> | undefined;

  constructor(connection: EngineConnection) {
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

  read<T>(operation: string, signal: AbortSignal | undefined, send: Send<T>): Promise<T> {
    return this.send({ operation, deadlineMs: controlDeadlineMs, signal, isIdempotent: true }, send);
  }

  /** A change is not cut short once it is sent: the engine would go on with it behind our back. */
  change<T>(operation: string, signal: AbortSignal | undefined, send: Send<T>): Promise<T> {
    return this.send({ operation, deadlineMs: changeDeadlineMs, isIdempotent: true }, (docker, abortSignal) => {
      if (signal?.aborted) throw new AppError('cancelled', `${operation}: cancelled`);
      return send(docker, abortSignal);
    });
  }

  /** Never sent twice. */
  once<T>(operation: string, send: Send<T>, signal?: AbortSignal): Promise<T> {
    return this.send({ operation, deadlineMs: controlDeadlineMs, signal, isIdempotent: false }, send);
  }

  async send<T>(call: ControlCall, send: Send<T>): Promise<T> {
    await this.negotiated();
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
