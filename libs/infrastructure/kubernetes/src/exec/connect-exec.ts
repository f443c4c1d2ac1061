import type { IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions } from 'ws';
import type { AppError } from '@nalabo/kernel';
import { toAnswerError, toClusterError } from '../cluster/errors.js';
import type { KubeClient } from '../cluster/kube.client.js';
import { execUrl, type ExecCall } from './exec-call.js';
import { execProtocol } from './exec-frames.js';
import { ExecSocket } from './exec-socket.js';
import type { HeartbeatTiming } from './heartbeat.js';

export interface ExecTiming extends HeartbeatTiming {
  readonly handshakeDeadlineMs: number;
}

const defaultTiming: ExecTiming = { handshakeDeadlineMs: 10_000, pingIntervalMs: 20_000, pongDeadlineMs: 30_000 };

/**
 * Starts a program in a container and connects to it.
 * @throws AppError `not_found` without such a pod, `conflict` when its container does not run, else `unavailable`.
 */
export async function connectExec(
  client: KubeClient,
  call: ExecCall,
  timing: ExecTiming = defaultTiming,
): Promise<ExecSocket> {
  const operation = `exec in pod ${call.namespace}/${call.pod}`;
  try {
    // What the connection needs to be trusted and let in, as the library knows it.
    const options: ClientOptions = { handshakeTimeout: timing.handshakeDeadlineMs, perMessageDeflate: false };
    await client.config.applyToHTTPSOptions(options);
    const socket = new WebSocket(execUrl(client.server, call), [execProtocol], options);
    return await opened(socket, operation, timing);
  } catch (error) {
    throw toClusterError(error, operation);
  }
}

function opened(socket: WebSocket, operation: string, timing: ExecTiming): Promise<ExecSocket> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(new ExecSocket(socket, timing)));
    // Stays for the whole life of the socket: an error after the opening shows as the end of its messages.
    socket.on('error', reject);
    socket.once('unexpected-response', (_, response) => {
      void bodyOf(response)
        .then((body) => reject(toRefusal(response.statusCode ?? 0, body, operation)), reject)
        .finally(() => socket.terminate());
    });
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function toRefusal(status: number, body: string, operation: string): AppError {
  if (status === 403) {
    return toAnswerError(status, body, `${operation} (needs the rights "get" and "create" on pods/exec)`);
  }
  // What we ask for is well-formed, so that only the state of the pod can be wrong with it.
  return toAnswerError(status === 400 ? 409 : status, body, operation);
}
