import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { KubeConfig, type RequestContext } from '@kubernetes/client-node';
import { Agent, type buildConnector } from 'undici';
import type { SessionCredentials } from './session-kubeconfig.js';

const handshakeDeadlineMs = 10_000;
/** Each connection is a tunnel of its own; requests beyond these wait for one. */
const connections = 4;

/** How to reach an API that only a tunnel leads to. Its connections are kept until it is closed. */
export class TunnelledConfig extends KubeConfig {
  private readonly agent: Agent;

  constructor(credentials: SessionCredentials, openTunnel: () => Promise<Duplex>) {
    super();
    this.loadFromClusterAndUser(
      { name: 'session', server: `https://${credentials.serverName}`, skipTLSVerify: false },
      { name: 'learner' },
    );
    this.agent = new Agent({ connections, connect: connectorOf(credentials, openTunnel) });
  }

  override applySecurityAuthentication(context: RequestContext): Promise<void> {
    context.setDispatcher(this.agent);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

function connectorOf(
  { authority: ca, certificate: cert, key, serverName: servername }: SessionCredentials,
  openTunnel: () => Promise<Duplex>,
): buildConnector.connector {
  return (_options, callback) => {
    openTunnel().then(
      (tunnel) => {
        const socket = connect({ socket: tunnel, servername, ca, cert, key });
        const timer = setTimeout(() => socket.destroy(new Error('no TLS handshake in time')), handshakeDeadlineMs);
        // Each of the two ends with the other; the tunnel may already have ended.
        const end = (): void => void socket.destroy(tunnel.errored ?? new Error('the tunnel has ended'));
        if (tunnel.destroyed) end();
        else tunnel.once('close', end);
        socket.once('close', () => {
          clearTimeout(timer);
          tunnel.destroy();
        });
        // An error may come more than once, and the first is enough for whoever waits.
        socket.on('error', () => undefined);
        const fail = (error: Error): void => callback(error, null);
        socket.once('error', fail);
        socket.once('secureConnect', () => {
          clearTimeout(timer);
          socket.off('error', fail);
          callback(null, socket);
        });
      },
      (error: Error) => callback(error, null),
    );
  };
}
