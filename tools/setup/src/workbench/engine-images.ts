import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { SetupError } from '../machine/setup-error.js';
import { askEngine, type EngineRequest } from '../engine/engine-client.js';

/** Of the engine, while it pulls. It tells of every part of a layer that comes. */
const PULL_SILENCE_MS = 30_000;
const TAR = { 'content-type': 'application/x-tar' };

export interface EngineImage {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An image the engine has, or undefined. */
export async function findImage(dockerHost: string, reference: string): Promise<EngineImage | undefined> {
  const { status, body } = await askEngine(dockerHost, { method: 'GET', path: `/images/${reference}/json` });
  if (status === 404) return undefined;
  if (status !== 200) throw new SetupError(`the engine cannot inspect ${reference}: ${messageOf(body)}`);
  const { Id: id, Config } = JSON.parse(body) as { Id: string; Config?: { Labels?: Record<string, string> | null } };
  return { id, labels: Config?.Labels ?? {} };
}

/** The id of an image the engine has, or undefined. */
export async function imageId(dockerHost: string, reference: string): Promise<string | undefined> {
  return (await findImage(dockerHost, reference))?.id;
}

/** Throws `SetupError` when the engine does not have what was just made or fetched. */
export async function mustHaveImage(dockerHost: string, reference: string): Promise<string> {
  const id = await imageId(dockerHost, reference);
  if (id === undefined) throw new SetupError(`the engine does not have ${reference} although it was made`);
  return id;
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
  return create(dockerHost, `/images/create?${query.toString()}`, { headers: TAR, body: createReadStream(tar) });
}

/**
 * Fetches an image from its registry. The login travels in a header, as the engine's API wants it. An engine that says
 * nothing for so long is waiting for a registry that does not answer: then it is a `SetupError`, as when it refuses.
 */
export async function pullImage(dockerHost: string, reference: string, login?: RegistryLogin): Promise<void> {
  const { repo, tag } = splitReference(reference);
  const query = new URLSearchParams({ fromImage: repo, tag });
  const auth = login && { 'x-registry-auth': Buffer.from(JSON.stringify(login)).toString('base64url') };
  const path = `/images/create?${query.toString()}`;
  try {
    await create(dockerHost, path, { headers: auth ?? {}, timeoutMs: PULL_SILENCE_MS });
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`the engine cannot pull ${reference}: ${reason}`, { cause });
  }
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
  return Promise.race([create(dockerHost, path, { headers: TAR, body: context.stdout }), failed]);
}

type Creation = Omit<EngineRequest, 'method' | 'path'>;

async function create(dockerHost: string, path: string, creation: Creation): Promise<void> {
  const answer = await askEngine(dockerHost, { method: 'POST', path, ...creation });
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
