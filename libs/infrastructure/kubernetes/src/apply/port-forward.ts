import { Duplex } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import type { AppError } from '@nalabo/kernel';
import { WebSocket, type ClientOptions } from 'ws';
import { interruptionOf, toAnswerError, toClusterError } from '../cluster/errors.js';
import { pathOf, resources } from '../cluster/kube-resource.js';

const protocol = 'v4.channel.k8s.io';
const handshakeDeadlineMs = 10_000;
const largestFrameBytes = 1024 * 1024;
const refusalBytes = 4096;

const channels = { data: 0, error: 1 } as const;
/** The first frame of each channel begins with the port that it belongs to. */
const portBytes = 2;

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/**
 * A connection to a port of a pod, through the API server and the node: no route to the pod is needed, and no network
 * policy has to let anybody in. Destroying the stream ends it.
 * @throws AppError when it cannot be opened.
 */
export async function openPortForward(config: KubeConfig, at: PodPort, signal: AbortSignal): Promise<Duplex> {
  const path = `${pathOf(resources.pod, { namespace: at.namespace, name: at.pod })}/portforward?ports=${at.port}`;
  const options: ClientOptions = {};
  await config.applyToHTTPSOptions(options);
  const socket = new WebSocket(`${config.getCurrentCluster()?.server ?? ''}${path}`, protocol, {
    ...options,
    handshakeTimeout: handshakeDeadlineMs,
    maxPayload: largestFrameBytes,
    perMessageDeflate: false,
  });
  const stream = new PortForwardStream(socket);
  await opened(socket, `forward ${at.namespace}/${at.pod}:${at.port}`, signal);
  return stream;
}

async function opened(socket: WebSocket, operation: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const give = (): void => reject(toClusterError(signal.reason, operation, interruptionOf(signal)));
  socket.once('open', resolve);
  socket.once('error', (error) => reject(toClusterError(error, operation)));
  socket.once('unexpected-response', (_request, response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      body = (body + text).slice(0, refusalBytes);
    });
    response.once('close', () => reject(toRefusal(response.statusCode ?? 0, body, operation)));
  });
  signal.addEventListener('abort', give, { once: true });
  if (signal.aborted) give();
  try {
    await promise;
  } catch (error) {
    socket.terminate();
    throw error;
  } finally {
    signal.removeEventListener('abort', give);
  }
}

function toRefusal(status: number, body: string, operation: string): AppError {
  const rights = status === 403 ? ' (needs the rights "get" and "create" on pods/portforward)' : '';
  return toAnswerError(status, body, `${operation}${rights}`);
}

class PortForwardStream extends Duplex {
  private readonly begun = new Set<number>();

  constructor(private readonly socket: WebSocket) {
    super();
    // An error before the socket has opened is told to the opener; later ones end the stream.
    this.on('error', () => undefined);
    socket.on('message', (frame: Buffer) => this.accept(frame));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.push(null));
  }

  override _read(): void {
    if (this.socket.isPaused) this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.send(Buffer.concat([Buffer.of(channels.data), chunk]), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.terminate();
    done(error);
  }

  private accept(frame: Buffer): void {
    const [channel] = frame;
    if (channel === undefined) return;
    const content = frame.subarray(1 + (this.begun.has(channel) ? 0 : portBytes));
    this.begun.add(channel);
    if (content.length === 0) return;
    if (channel === channels.error) this.destroy(new Error(content.toString()));
    else if (!this.push(content)) this.socket.pause();
  }
}
