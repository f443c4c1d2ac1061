import { Readable } from 'node:stream';
import { askEngine, downloadFromEngine } from '../engine/engine-client.js';
import { SetupError } from '../machine/setup-error.js';
import { messageOf } from '../workbench/engine-images.js';
import type { ImageConfig } from './rig.js';

interface EngineImage {
  readonly Config: {
    User?: string;
    WorkingDir?: string;
    Env?: string[] | null;
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
  };
}

export async function readImageConfig(dockerHost: string, reference: string): Promise<ImageConfig> {
  const { status, body } = await askEngine(dockerHost, { method: 'GET', path: `/images/${reference}/json` });
  if (status !== 200) throw new SetupError(`the engine cannot inspect ${reference}: ${messageOf(body)}`);
  const { Config: config } = JSON.parse(body) as EngineImage;
  return {
    user: config.User ?? '',
    workdir: config.WorkingDir || '/',
    env: config.Env ?? [],
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
  };
}

/** Writes all files of an image into one tar. */
export async function exportFileTree(dockerHost: string, reference: string, tar: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const path = '/containers/create';
  // Never started: an engine gives the files of a container, not those of an image.
  const body = Readable.from([JSON.stringify({ Image: reference, Cmd: ['true'] })]);
  const created = await askEngine(dockerHost, { method: 'POST', path, headers, body });
  if (created.status !== 201) throw new SetupError(`the engine cannot open ${reference}: ${messageOf(created.body)}`);
  const container = `/containers/${(JSON.parse(created.body) as { Id: string }).Id}`;
  try {
    await downloadFromEngine(dockerHost, `${container}/export`, tar);
  } finally {
    await askEngine(dockerHost, { method: 'DELETE', path: `${container}?force=1` });
  }
}
