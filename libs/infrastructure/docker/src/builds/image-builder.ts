import { AppError } from '@nalabo/kernel';
import type { ImageBuild } from '@nalabo/infrastructure-port';
import type { BuildsClient } from '../engine/builds.client.js';
import { isTimeOver } from '../services/until-aborted.js';
import { buildContext } from './build-context.js';
import { buildLimits } from './build-limits.js';
import { BuildOutput } from './build-output.js';
import { buildParameters } from './build-parameters.js';
import { type BuildMarks, buildText } from './build-text.js';

export interface BuildOrder extends BuildMarks {
  readonly tag: string;
  readonly build: ImageBuild;
  /** Of what is built. */
  readonly digest: string;
}

export interface BuilderSettings {
  readonly cgroupParent: string;
  /** How long a build may take. */
  readonly seconds?: number;
}

/** Has an engine build one image, within the limits that every build has. */
export class ImageBuilder {
  constructor(
    private readonly client: BuildsClient,
    private readonly settings: BuilderSettings,
  ) {}

  /** @throws AppError `unprocessable` with what the builder said last when the file cannot be built, or not in time. */
  async build({ tag, build, digest, ...marks }: BuildOrder, signal: AbortSignal): Promise<void> {
    const { cgroupParent, seconds = buildLimits.seconds } = this.settings;
    // None of the files can be called so: their content is in the digest.
    const name = `Dockerfile.${digest}`;
    const output = new BuildOutput();
    const flood = new AbortController();
    const read = (line: string): void => {
      output.read(line);
      if (output.characters > buildLimits.saidCharacters) flood.abort();
    };
    const context = await buildContext({ name, text: buildText(build.dockerfile, marks), files: build.files });
    try {
      await this.client.build({
        parameters: buildParameters({ tag, dockerfile: name, cgroupParent }),
        context,
        deadlineMs: seconds * 1000,
        signal: AbortSignal.any([signal, flood.signal]),
        onLine: read,
      });
    } catch (error) {
      if (flood.signal.aborted) throw brokenOff(tag, 'it says too much', output);
      throw isOverTime(error, signal) ? brokenOff(tag, 'it took too long', output) : error;
    }
    const failure = output.failure(`build image ${tag}`);
    if (failure) throw failure;
  }
}

function isOverTime(error: unknown, signal: AbortSignal): boolean {
  return error instanceof AppError && (error.kind === 'timeout' || (error.kind === 'cancelled' && isTimeOver(signal)));
}

function brokenOff(tag: string, why: string, output: BuildOutput): AppError {
  const publicMessage = `The image could not be built: ${why}.\n${output.end}`.trim();
  return new AppError('unprocessable', `build image ${tag}: ${why}`, { publicMessage });
}
