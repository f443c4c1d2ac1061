import { AppError } from '@nalabo/kernel';
import { z } from 'zod';

/** What an engine is given to sign in to one registry. A secret. */
export type RegistryAuth =
  { readonly username: string; readonly password: string } | { readonly identitytoken: string };

const dockerHub = 'docker.io';
/** As Docker's own client writes it. */
const dockerHubNames: readonly string[] = ['index.docker.io', 'registry-1.docker.io'];
/** What that client keeps beside a login to have it renewed: with these no registry lets anybody in. */
const tokenAddress = /\/(?:access|refresh)-token$/;

const entrySchema = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
const fileSchema = z.looseObject({ auths: z.record(z.string(), entrySchema) });

/** The registry that an image comes from, as its name says: a name without one means Docker Hub. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isRegistry ? knownAs(first) : dockerHub;
}

/**
 * The logins in a file of the form of Docker's own config.json, by registry.
 * @throws AppError `invalid_input` that names the registry at fault, and nothing else of the file.
 */
export function parseRegistryLogins(text: string): ReadonlyMap<string, RegistryAuth> {
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new AppError('invalid_input', 'has no auths with a login for each registry');
  const logins = Object.entries(parsed.data.auths).filter(([address]) => !tokenAddress.test(address));
  return new Map(logins.map(([address, entry]) => [hostOf(address), loginIn(address, entry)]));
}

/** The parser repeats a part of what it cannot read: its error goes no further. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid_input', 'is not JSON');
  }
}

function loginIn(address: string, entry: z.infer<typeof entrySchema>): RegistryAuth {
  const { auth, identitytoken } = entry;
  if (identitytoken) return { identitytoken };
  const [username, ...rest] = auth ? Buffer.from(auth, 'base64').toString().split(':') : [];
  const login = { username: username ?? entry.username, password: auth ? rest.join(':') : entry.password };
  if (login.username && login.password) return { username: login.username, password: login.password };
  throw new AppError('invalid_input', `has no login for ${address}; programs that keep credentials are not run`);
}

/** A registry may stand there as an address, with a scheme and a path. */
function hostOf(address: string): string {
  return knownAs(address.replace(/^https?:\/\//, '').replace(/\/.*$/, ''));
}

function knownAs(host: string): string {
  return dockerHubNames.includes(host) ? dockerHub : host;
}
