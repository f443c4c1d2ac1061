import { createWriteStream } from 'node:fs';
import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SetupError } from '../machine/setup-error.js';

export interface EngineRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  /** A stream is sent in chunks as it comes. */
  body?: Readable;
  /** Of silence on the connection; default: none. */
  timeoutMs?: number;
}

export interface EngineAnswer {
  status: number;
  body: string;
}

/** One request to a Docker engine at `unix:///…` or `tcp://…`. Rejects with the system's error when nobody answers. */
export async function askEngine(dockerHost: string, ask: EngineRequest): Promise<EngineAnswer> {
  return readAnswer(await openAnswer(dockerHost, ask));
}

/** Writes what the engine answers with to a file, however long it is. Throws `SetupError` when the engine refuses. */
export async function downloadFromEngine(dockerHost: string, path: string, file: string): Promise<void> {
  const incoming = await openAnswer(dockerHost, { method: 'GET', path });
  if (incoming.statusCode === 200) return pipeline(incoming, createWriteStream(file));
  const { status, body } = await readAnswer(incoming);
  throw new SetupError(`the engine answers ${path} with ${status}: ${body.trim()}`);
}

function openAnswer(dockerHost: string, ask: EngineRequest): Promise<IncomingMessage> {
  const options: RequestOptions = { ...engineAddress(dockerHost), method: ask.method, path: ask.path, agent: false };
  if (ask.headers) options.headers = ask.headers;
  if (ask.timeoutMs !== undefined) options.timeout = ask.timeoutMs;
  return new Promise((resolve, reject) => {
    const outgoing = request(options, resolve);
    outgoing.once('error', reject);
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
    if (ask.body === undefined) outgoing.end();
    else ask.body.once('error', (error: Error) => outgoing.destroy(error)).pipe(outgoing);
  });
}

/** What node:http needs to reach the engine. Throws `SetupError` for a form this tool does not speak. */
export function engineAddress(dockerHost: string): { socketPath: string } | { host: string; port: number } {
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length) };
  const [, host, port] = /^(?:tcp|http):\/\/([^:/]+|\[[^\]]+\])(?::(\d+))?\/?$/.exec(dockerHost) ?? [];
  if (host === undefined) throw new SetupError(`DOCKER_HOST=${dockerHost} is neither unix://… nor tcp://host:port`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? '2375') };
}

async function readAnswer(incoming: IncomingMessage): Promise<EngineAnswer> {
  incoming.setEncoding('utf8');
  let body = '';
  for await (const text of incoming as AsyncIterable<string>) body += text;
  return { status: incoming.statusCode ?? 0, body };
}
