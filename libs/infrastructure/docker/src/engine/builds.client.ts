import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import type { EngineCalls } from './engine-calls.js';
import type { EngineBuiltImage } from './engine-objects.js';
import { toFilters } from './to-engine-objects.js';

/** As the engine's address has them. */
export type BuildParameters = Readonly<Record<string, string>>;

export interface BuildCall {
  readonly parameters: BuildParameters;
  /** An archive. */
  readonly context: Buffer;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** What it throws breaks the build off. */
  readonly onLine: (line: string) => void;
}

/** The calls to one engine that building images needs. All methods throw AppError only. */
export class BuildsClient {
  constructor(private readonly calls: EngineCalls) {}

  /**
   * Resolves when the engine has said all: it says in the lines whether there is an image. Broken off, it ends the step that
   * it is at.
   */
  async build({ parameters, context, deadlineMs, signal, onLine }: BuildCall): Promise<void> {
    const call = { operation: 'build an image', deadlineMs, signal, isIdempotent: false };
    await this.calls.send(call, async (docker, abortSignal) => {
      // The library sends a buffer as it is, which its types do not know.
      const file = context as unknown as NodeJS.ReadableStream;
      const answer = await docker.buildImage(file, { ...parameters, abortSignal } as Docker.ImageBuildOptions);
      try {
        for await (const line of createInterface({ input: answer })) onLine(line);
      } finally {
        // Nobody reads the rest, and the engine builds on for as long as it can tell us.
        (answer as IncomingMessage).destroy();
      }
    });
  }

  /** Those that nothing else was made from, tagged or not. */
  async images(labels: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<readonly EngineBuiltImage[]> {
    const filters = toFilters({ labels });
    const found = await this.calls.read('list images', signal, (docker, abortSignal) =>
      docker.listImages({ filters, abortSignal }),
    );
    return found.map(({ Id, RepoTags, Labels }: Docker.ImageInfo) => {
      const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
      return { name: tags[0] ?? Id, isTagged: tags.length > 0, labels: Labels ?? {} };
    });
  }

  /** Takes along what it was made from, as far as nothing else needs that. */
  async removeImage(name: string, signal?: AbortSignal): Promise<void> {
    await this.calls.change(`remove image ${name}`, signal, (docker, abortSignal) =>
      docker.getImage(name).remove({ abortSignal }),
    );
  }
}
