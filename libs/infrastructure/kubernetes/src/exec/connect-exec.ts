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
  /** For the text of a refusal, once its status has come. */
  readonly refusalDeadlineMs: number;
}

const defaultTiming: ExecTiming = {
  handshakeDeadlineMs: 10_000,
  refusalDeadlineMs: 5000,
  pingIntervalMs: 20_000,
  pongDeadlineMs: 30_000,
};

/** What is read of a refusal: its status has said the most important already. */
const largestRefusalBytes = 64 * 1024;

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
      void bodyOf(response, timing.refusalDeadlineMs)
        .then((body) => reject(toRefusal(response.statusCode ?? 0, body, operation)))
        .finally(() => socket.terminate());
    });
  });
}

/** As much of it as came in time: with the rest of a refusal nobody is kept waiting, and no memory is filled. */
function bodyOf(response: IncomingMessage, deadlineMs: number): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const finish = (): void => {
      clearTimeout(timer);
      response.pause();
      resolve(Buffer.concat(chunks).subarray(0, largestRefusalBytes).toString());
    };
    const timer = setTimeout(finish, deadlineMs);
    response.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= largestRefusalBytes) finish();
    });
    response.once('end', finish);
    response.on('error', finish);
  });
}

function toRefusal(status: number, body: string, operation: string): AppError {
  if (status === 403) {
    return toAnswerError(status, body, `${operation} (needs the rights "get" and "create" on pods/exec)`);
  }
  // What we ask for is well-formed, so that only the state of the pod can be wrong with it.
  return toAnswerError(status === 400 ? 409 : status, body, operation);
}
