import { join } from 'node:path';
import { type Engine, type EnginePaths, ensureWorkbenchImage, startEngine } from '@nalabo/setup';
import Docker from 'dockerode';

const report = (): void => undefined;

/** An engine that nobody else uses, with the workbench image of another one in it. */
export class OwnEngine {
  private constructor(
    private readonly paths: EnginePaths,
    private engine: Engine,
  ) {}

  /** Only in a network namespace of its own: two engines in one fight over the firewall. */
  static async start(folder: string, imageFrom: string): Promise<OwnEngine> {
    const paths = {
      socket: join(folder, 'docker.sock'),
      dataRoot: join(folder, 'data'),
      execRoot: join(folder, 'exec'),
      pidFile: join(folder, 'docker.pid'),
      log: join(folder, 'dockerd.log'),
    };
    const own = new OwnEngine(paths, await startEngine({ report, paths }));
    const { reference } = await ensureWorkbenchImage({ dockerHost: imageFrom, report });
    const image = await clientOf(imageFrom).getImage(reference).get();
    const loading = await clientOf(own.dockerHost).loadImage(image);
    await new Promise((ended, failed) => loading.resume().once('end', ended).once('error', failed));
    return own;
  }

  get dockerHost(): string {
    return this.engine.dockerHost;
  }

  /** Ends it with its containers, as a machine does that is restarted, and starts it again. */
  async restart(): Promise<void> {
    await this.engine.stop();
    this.engine = await startEngine({ report, paths: this.paths });
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }
}

const clientOf = (dockerHost: string): Docker => new Docker({ socketPath: dockerHost.replace(/^unix:\/\//, '') });
