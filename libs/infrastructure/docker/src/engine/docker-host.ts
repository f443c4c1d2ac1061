import { AppError } from '@nalabo/kernel';

/** Where an engine listens, as DOCKER_HOST writes it. */
export type DockerHost =
  | { readonly transport: 'unix'; readonly socketPath: string }
  | { readonly transport: 'tcp' | 'tls'; readonly host: string; readonly port: number };

const tcpPattern = /^(tcp|http|https):\/\/(\[[0-9a-fA-F:]+\]|[^:/@[\]]+)(?::(\d{1,5}))?\/?$/;

/**
 * Reads `unix:///path`, `tcp://host[:port]` or `https://host[:port]`. With client certificates `tcp` is TLS too.
 * @throws AppError `invalid_input` for any other form; ssh is not supported because its errors cannot be caught.
 */
export function parseDockerHost(text: string, hasCertificates: boolean): DockerHost {
  if (text.startsWith('unix:///')) return { transport: 'unix', socketPath: text.slice('unix://'.length) };
  const [, scheme, host, port] = tcpPattern.exec(text) ?? [];
  if (scheme === undefined || host === undefined) {
    throw new AppError(
      'invalid_input',
      'a Docker host must look like unix:///path, tcp://host:port or https://host:port',
    );
  }
  const transport = scheme === 'https' || hasCertificates ? 'tls' : 'tcp';
  const usualPort = transport === 'tls' ? 2376 : 2375;
  return { transport, host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? usualPort : Number(port) };
}
