import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '@nalabo/kernel';
import type { ExecRequest, ExecStream, ExecTransport } from '../command/exec-stream.js';
import { LocalExecStream } from './local-exec-stream.js';

export interface LocalPlace {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Stands in for `/bin/sh`: program and first arguments. */
  readonly shell?: readonly [string, ...string[]];
}

/** Programs as processes of this machine, as the user of the tests. */
export class LocalTransport implements ExecTransport {
  constructor(private readonly place: LocalPlace) {}

  async open({ argv, environment, hasInput }: ExecRequest): Promise<ExecStream> {
    const { directory, shell = ['/bin/sh'] } = this.place;
    const [file = '', ...args] = argv[0] === '/bin/sh' ? [...shell, ...argv.slice(1)] : argv;
    const child = spawn(file, args, {
      cwd: directory,
      env: { ...this.place.environment, ...environment },
      detached: true,
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new AppError('unavailable', 'the process could not be started', { cause: error });
    }
    return new LocalExecStream(child);
  }
}
