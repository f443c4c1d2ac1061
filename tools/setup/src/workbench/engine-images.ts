import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { SetupError } from '../machine/setup-error.js';
import { askEngine } from '../engine/engine-client.js';

const TAR = { 'content-type': 'application/x-tar' };

/** The id of an image the engine has, or undefined. */
export async function imageId(dockerHost: string, reference: string): Promise<string | undefined> {
  const { status, body } = await askEngine(dockerHost, { method: 'GET', path: `/images/${reference}/json` });
  if (status === 404) return undefined;
  if (status !== 200) throw new SetupError(`the engine cannot inspect ${reference}: ${messageOf(body)}`);
  return (JSON.parse(body) as { Id: string }).Id;
}

export async function tagImage(dockerHost: string, image: string, reference: string): Promise<void> {
  const { repo, tag } = splitReference(reference);
  const path = `/images/${image}/tag?${new URLSearchParams({ repo, tag }).toString()}`;
  const { status, body } = await askEngine(dockerHost, { method: 'POST', path });
  if (status !== 201) throw new SetupError(`the engine cannot tag ${reference}: ${messageOf(body)}`);
}

/** Makes an image of one layer from a tar of a file tree. */
export function importImage(dockerHost: string, tar: string, reference: string): Promise<void> {
  const query = new URLSearchParams({ fromSrc: '-', ...splitReference(reference) });
  return create(dockerHost, `/images/create?${query.toString()}`, TAR, createReadStream(tar));
}

/** Fetches an image from its registry. The login travels in a header, as the engine's API wants it. */
export function pullImage(dockerHost: string, reference: string, login?: RegistryLogin): Promise<void> {
  const { repo, tag } = splitReference(reference);
  const query = new URLSearchParams({ fromImage: repo, tag });
  const auth = login && { 'x-registry-auth': Buffer.from(JSON.stringify(login)).toString('base64url') };
  return create(dockerHost, `/images/create?${query.toString()}`, auth ?? {});
}

export interface RegistryLogin {
  username: string;
  password: string;
  serveraddress: string;
}

export interface ImageBuild {
  /** Has the Dockerfile. */
  directory: string;
  reference: string;
  /** What the Dockerfile takes as ARG, here the images it starts from. */
  args: Readonly<Record<string, string>>;
}

/** Builds an image without network. */
export function buildImage(dockerHost: string, { directory, reference, args }: ImageBuild): Promise<void> {
  const options = { t: reference, buildargs: JSON.stringify(args), networkmode: 'none', rm: '1', forcerm: '1' };
  const context = spawn('tar', ['-C', directory, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_, reject) => {
    context.once('error', (error) => reject(new SetupError(`cannot run tar: ${error.message}`, { cause: error })));
  });
  const path = `/build?${new URLSearchParams(options).toString()}`;
  return Promise.race([create(dockerHost, path, TAR, context.stdout), failed]);
}

async function create(
  dockerHost: string,
  path: string,
  headers: Record<string, string>,
  body?: Readable,
): Promise<void> {
  const answer = await askEngine(dockerHost, { method: 'POST', path, headers, ...(body ? { body } : {}) });
  const failure = answer.status === 200 ? streamedError(answer.body) : messageOf(answer.body);
  if (failure !== undefined) throw new SetupError(`the engine refused an image: ${failure}`);
}

/** Long work answers 200 at once and reports its failure as one of the JSON lines that follow. */
export function streamedError(lines: string): string | undefined {
  const failures = lines.split('\n').flatMap((line) => {
    if (!line.includes('"error"')) return [];
    return (JSON.parse(line) as { error?: string }).error ?? [];
  });
  return failures[0];
}

/** Splits `host:5000/name:tag`; without a tag it is `latest`, with a digest the digest stands for the tag. */
export function splitReference(reference: string): { repo: string; tag: string } {
  const [name = '', digest] = reference.split('@');
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const repo = hasTag ? name.slice(0, colon) : name;
  return { repo, tag: digest ?? (hasTag ? name.slice(colon + 1) : 'latest') };
}

/** The reason in an answer of the engine. */
export function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body.trim();
  } catch {
    return body.trim();
  }
}
