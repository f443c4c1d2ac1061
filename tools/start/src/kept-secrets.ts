import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { serviceNames, type ServiceName } from '@nalabo/contracts';
import { SetupError } from '@nalabo/setup';

/** What has to stay the same between runs over the same data. */
export interface KeptSecrets {
  /** The administrator's key, which clients send as a bearer token. */
  readonly apiKey: string;
  /** Keys the hashes of the stored API keys: without it none of them is valid any more. */
  readonly apiKeyPepper: string;
  readonly databasePasswords: Readonly<Record<ServiceName, string>>;
}

/** Reads the secrets of an installation from its file, or makes them. The file is for its owner alone. */
export async function keptSecrets(file: string): Promise<KeptSecrets> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new SetupError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
  if (text !== undefined) return parseSecrets(text, file);
  const secrets = newSecrets();
  await writePrivateFile(file, `${JSON.stringify(secrets, undefined, 2)}\n`);
  return secrets;
}

/** Writes a file with mode 0600 in one step, whatever mode an earlier one had. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, file);
}

function newSecrets(): KeptSecrets {
  const secret = (): string => randomBytes(32).toString('base64url');
  return {
    apiKey: `nlb_${randomBytes(8).toString('hex')}_${secret()}`,
    apiKeyPepper: secret(),
    databasePasswords: Object.fromEntries(serviceNames.map((name) => [name, secret()])) as Record<ServiceName, string>,
  };
}

function parseSecrets(text: string, file: string): KeptSecrets {
  try {
    return JSON.parse(text) as KeptSecrets;
  } catch (error) {
    throw new SetupError(`${file} is damaged; remove it together with the data beside it`, { cause: error });
  }
}
