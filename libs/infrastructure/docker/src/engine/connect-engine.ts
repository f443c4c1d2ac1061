import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { join } from 'node:path';
import { AppError } from '@nalabo/kernel';
import Docker from 'dockerode';
import { parseDockerHost, type DockerHost } from './docker-host.js';

export interface EngineConnection {
  readonly dockerHost: string;
  /** A directory with ca.pem, cert.pem and key.pem, for TLS. */
  readonly certificatePath?: string | undefined;
  /** Makes every call that could change something fail before it is sent. */
  readonly readOnly?: boolean | undefined;
}

interface Modem {
  dial(options: { readonly method: string; readonly path: string }, callback: (error: unknown) => void): void;
}

/** A library client for one engine, with kept connections. Nothing is sent yet. */
export function connectEngine({ dockerHost, certificatePath, readOnly }: EngineConnection): Docker {
  const host = parseDockerHost(dockerHost, certificatePath !== undefined);
  const docker = new Docker({
    // Every setting is given, as undefined where need be: the library fills gaps from the process environment.
    ...addressOf(host),
    ...certificatesIn(certificatePath),
    timeout: undefined,
    agent: host.transport === 'tls' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
  } as Docker.DockerOptions);
  if (readOnly) refuseChanges(docker.modem as Modem);
  return docker;
}

function addressOf(host: DockerHost): Docker.DockerOptions {
  if (host.transport === 'unix') {
    return { socketPath: host.socketPath, host: undefined, port: undefined, protocol: 'http' };
  }
  const protocol = host.transport === 'tls' ? 'https' : 'http';
  return { socketPath: undefined, host: host.host, port: host.port, protocol };
}

function certificatesIn(path: string | undefined): Docker.DockerOptions {
  if (path === undefined) return { ca: undefined, cert: undefined, key: undefined };
  const read = (name: string): string => readFileSync(join(path, name), 'utf8');
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

function refuseChanges(modem: Modem): void {
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) => {
    if (options.method === 'GET') dial(options, callback);
    else callback(new AppError('forbidden', `a read-only client refuses ${options.method} ${options.path}`));
  };
}
