import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import type { EngineCalls } from './engine-calls.js';
import { toStreamError } from './errors.js';
import { PullProgress, type PulledBytes } from './pull-progress.js';
import { type LoginSources, RegistryLogins } from './registry-logins.js';

const pullDeadlineMs = 600_000;

/** One pull, at its beginning and at its end. */
export interface ImagePull {
  readonly image: string;
  readonly state: 'started' | 'pulled' | 'failed';
  /** Null at the beginning. */
  readonly seconds: number | null;
}
export type OnPull = (pull: ImagePull) => void;

export interface PullSettings extends LoginSources {
  readonly onPull?: OnPull | undefined;
}

export interface PullOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (bytes: PulledBytes) => void;
}

/** Pulls images to one engine, with the login for each one's registry. */
export class ImagePulls {
  private readonly logins: RegistryLogins;

  constructor(
    private readonly calls: EngineCalls,
    private readonly settings: PullSettings,
  ) {
    this.logins = new RegistryLogins(settings);
  }

  /** The registries that there is a login for; undefined when no file names them. @throws AppError `invalid_input` */
  registries(): Promise<readonly string[] | undefined> {
    return this.logins.registries();
  }

  /**
   * @throws AppError `unprocessable` when the registry refuses or has no such image, `unavailable` when it cannot be reached
   * or what it sends is damaged.
   */
  async pull(reference: string, options: PullOptions): Promise<void> {
    const startedAt = performance.now();
    const tell = (state: ImagePull['state'], seconds: number | null): void =>
      this.settings.onPull?.({ image: reference, state, seconds });
    const since = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
    tell('started', null);
    try {
      await this.send(reference, options);
      tell('pulled', since());
    } catch (error) {
      tell('failed', since());
      throw error;
    }
  }

  private async send(reference: string, { signal, onProgress }: PullOptions): Promise<void> {
    const operation = `pull image ${reference}`;
    const login = await this.logins.forImage(reference);
    const call = { operation, deadlineMs: pullDeadlineMs, signal, isIdempotent: true };
    await this.calls.send(call, async (docker, abortSignal) => {
      // The library sends a login in a header and keeps it out of the address. Its types know one form only.
      const authconfig = login as Docker.AuthConfig | undefined;
      const answer = await docker.pull(reference, { authconfig, abortSignal });
      const progress = new PullProgress();
      for await (const line of createInterface({ input: answer })) {
        const failure = progress.read(line);
        if (failure !== undefined) throw toStreamError(failure, operation);
        onProgress?.(progress.bytes);
      }
    });
  }
}
