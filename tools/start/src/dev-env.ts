import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { writePrivateFile } from './kept-secrets.js';

/** How a client reaches an installation. */
export interface Access {
  readonly url: string;
  readonly apiKey: string;
}

/** Writes what `source .nalabo/dev.env` needs. */
export async function writeDevEnv(file: string, { url, apiKey }: Access): Promise<void> {
  await writePrivateFile(file, `NALABO_URL=${url}\nNALABO_API_KEY=${apiKey}\n`);
}

/** The access that the environment names, else the one that the last `npm start` wrote; undefined without either. */
export async function findAccess(file: string, environment: NodeJS.ProcessEnv): Promise<Access | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const { NALABO_URL: url, NALABO_API_KEY: apiKey } = { ...parseEnv(text), ...environment };
  return url && apiKey ? { url, apiKey } : undefined;
}
