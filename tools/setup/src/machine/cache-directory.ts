import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads and built trees are kept between runs, following the XDG convention. Created when absent. */
export async function cacheDirectory(): Promise<string> {
  const directory = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'nalabo');
  await mkdir(directory, { recursive: true });
  return directory;
}
