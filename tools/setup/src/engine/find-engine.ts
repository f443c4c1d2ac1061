import { SetupError } from '../machine/setup-error.js';
import { askEngine } from './engine-client.js';

export const DEFAULT_DOCKER_HOST = 'unix:///var/run/docker.sock';

const NOBODY_THERE = new Set(['ENOENT', 'ECONNREFUSED']);
const PING_TIMEOUT_MS = 10_000;

/**
 * The address of an engine that answers: of DOCKER_HOST when set, else of the usual socket. Undefined when the usual
 * socket has nobody behind it; a `SetupError` when something is there that we cannot use.
 */
export async function findEngine(): Promise<string | undefined> {
  const asked = process.env['DOCKER_HOST'] || DEFAULT_DOCKER_HOST;
  if (await answersPing(asked)) return asked;
  if (asked === DEFAULT_DOCKER_HOST) return undefined;
  throw new SetupError(`DOCKER_HOST=${asked} does not answer; start that engine or unset DOCKER_HOST`);
}

/** True: an engine. False: nobody there. Anything else is a `SetupError`. */
export async function answersPing(dockerHost: string): Promise<boolean> {
  try {
    const { status, body } = await askEngine(dockerHost, { method: 'GET', path: '/_ping', timeoutMs: PING_TIMEOUT_MS });
    if (status === 200 && body.trim() === 'OK') return true;
    throw new SetupError(`${dockerHost} is not a Docker engine: it answers /_ping with ${status}`);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && NOBODY_THERE.has(code)) return false;
    throw new SetupError(explain(dockerHost, code, message), { cause: error });
  }
}

function explain(dockerHost: string, code: string | undefined, message: string): string {
  if (code === 'EACCES') return `no permission to use ${dockerHost}: join its group (usually docker) or run as root`;
  return `the Docker engine at ${dockerHost} cannot be used: ${message}`;
}
